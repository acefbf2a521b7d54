import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { availableParallelism } from 'node:os';
import { BoardwalkError } from '../errors.js';

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

/** A string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An identifier, whatever characters it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const unitBytes: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Reads a size as 512MB, 2GB or 1.5GiB. */
export function bytesOf(memory: string): number {
  const [, digits, unit = '', binary] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B$/i.exec(memory.trim()) ?? [];
  if (digits === undefined || (binary && unit === ''))
    throw new BoardwalkError('bad_option', `The memory limit "${memory}" is no size. Write it as 2GB or 512MB.`, {
      field: 'memory',
    });
  const power = Object.keys(unitBytes).indexOf(unit.toLowerCase());
  return Number(digits) * (binary ? 1024 ** power : unitBytes[unit.toLowerCase()]);
}

/**
 * Runs `use` with a connection to a database, a fresh one in memory unless a file is given. No extension is ever fetched: JSON, Parquet
 * and time zones are inside. Times without a zone are read as UTC.
 */
export async function withDatabase<T>(
  options: Partial<DatabaseOptions>,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { memory, threads, spill, file } = { ...databaseDefaults, ...options };
  bytesOf(memory);
  const instance = await DuckDBInstance.create(file ?? ':memory:', {
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
