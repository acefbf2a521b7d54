import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

/** A fixed-width column of one chunk, as the database lays it out, with its missing cells. */
export interface RawColumn<T> {
  readonly values: T;
  isPresent(row: number): boolean;
}

/**
 * The reader's classes hold their cells in typed arrays but hand them out one boxed value at a time, which
 * at millions of rows is most of a build. These are their fields; the dependency is pinned, and a test reads
 * through them.
 */
interface RawVector<T> {
  readonly items: T;
  readonly validity: { itemValid(row: number): boolean };
  /** Of a fixed-size array: all its rows' cells, row after row. */
  readonly childData: { readonly items: T };
}

export function rawColumn<T>(chunk: DuckDBDataChunk, index: number): RawColumn<T> {
  const { items, validity } = chunk.getColumnVector(index) as unknown as RawVector<T>;
  return { values: items, isPresent: (row) => validity.itemValid(row) };
}

/** A column of type `T[n]`. */
export function rawArrayColumn<T>(chunk: DuckDBDataChunk, index: number): RawColumn<T> {
  const { childData, validity } = chunk.getColumnVector(index) as unknown as RawVector<T>;
  return { values: childData.items, isPresent: (row) => validity.itemValid(row) };
}

/**
 * A text to select, as SQL, that the reader then gives whole: its decoder takes a byte order mark off the beginning, and
 * one alone.
 */
export function wholeText(text: string): string {
  return `(CASE WHEN starts_with(${text}, chr(65279)) THEN chr(65279) || ${text} ELSE ${text} END)`;
}

/** Streams a query's result, about two thousand rows at a time. */
export async function* chunksOf(connection: DuckDBConnection, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}
