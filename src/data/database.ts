import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { BoardwalkError } from '../errors.js';
import { withDefaults } from '../with-defaults.js';
import { bytesOf } from './byte-size.js';
import { isFullDisk } from './full-disk.js';

export interface DatabaseOptions {
  /** Upper bound of the database's own memory, as `2GB` or `512MB`; past it, it spills to disk. */
  memory: string;
  threads: number;
  /** Folder for what does not fit in memory; without one, nothing is spilled. */
  spill?: string;
  /** Where tables outlive the process; in memory without one. */
  file?: string;
}

export const databaseDefaults: DatabaseOptions = { memory: '2GB', threads: availableParallelism() };

/** Whether the database stopped at its memory limit, which not all of its work can spill below. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && /Out of Memory Error/.test(error.message) && !isFullDisk(error);
}

/** A string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A string literal that names one file, where the database would take `[`, `*` and `?` for a pattern of several. */
export function pathLiteral(path: string): string {
  return literal(path.replaceAll(/[[*?]/g, '[$&]'));
}

/** An identifier, whatever characters it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A file that no database is in, as a full disk or a kill may leave it, holds nothing to go on from. */
async function openInstance(file: string | undefined, settings: Record<string, string>): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file ?? ':memory:', settings);
  } catch (cause) {
    if (file === undefined || isFullDisk(cause) || !existsSync(file)) throw cause;
    for (const left of [file, `${file}.wal`]) rmSync(left, { force: true });
    return DuckDBInstance.create(file, settings);
  }
}

/**
 * Runs `use` with a connection to a database, a fresh one in memory unless a file is given. No extension is ever fetched: JSON, Parquet
 * and time zones are inside. Times without a zone are read as UTC.
 */
export async function withDatabase<T>(
  options: Partial<DatabaseOptions>,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { memory, threads, spill, file } = withDefaults(databaseDefaults, options);
  bytesOf(memory);
  const instance = await openInstance(file, {
    memory_limit: memory,
    threads: String(threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(spill !== undefined && { temp_directory: spill }),
  });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return await use(connection);
  } catch (cause) {
    if (!isOutOfMemory(cause)) throw cause;
    throw new BoardwalkError(
      'out_of_memory',
      `The database needs more than the ${memory} that it may use: ${(cause as Error).message.split('\n')[0]}. ` +
        'Raise the memory limit (--memory), or use fewer threads (--threads).',
      { field: 'memory' },
      { cause },
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The rows of a small result, as plain values. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const result = await connection.runAndReadAll(sql);
  return result.getRowObjectsJS() as Record<string, unknown>[];
}

/** The single number that a query answers. */
export async function numberOf(connection: DuckDBConnection, sql: string): Promise<number> {
  const result = await connection.runAndReadAll(sql);
  return Number(result.getRowsJS()[0][0]);
}
