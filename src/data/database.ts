import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { availableParallelism } from 'node:os';
import { BoardwalkError } from '../errors.js';

export interface DatabaseOptions {
  /** Upper bound of the database's own memory, as `2GB` or `512MB`; past it, it spills to disk. */
  memory: string;
  threads: number;
  /** Folder for what does not fit in memory; without one, nothing is spilled. */
  spill?: string;
}

export const databaseDefaults: DatabaseOptions = { memory: '2GB', threads: availableParallelism() };

/** A string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An identifier, whatever characters it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Runs `use` with a connection to a fresh in-memory database. No extension is ever fetched: JSON, Parquet
 * and time zones are inside. Times without a zone are read as UTC.
 */
export async function withDatabase<T>(
  options: Partial<DatabaseOptions>,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { memory, threads, spill } = { ...databaseDefaults, ...options };
  if (!/^\d+(\.\d+)?\s*([KMGT]i?)?B$/i.test(memory))
    throw new BoardwalkError('bad_option', `The memory limit "${memory}" is no size. Write it as 2GB or 512MB.`, {
      field: 'memory',
    });
  const instance = await DuckDBInstance.create(':memory:', {
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
