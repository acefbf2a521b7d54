import { DataType, RecordBatchReader, type Vector } from 'apache-arrow';
import {
  DOUBLE,
  DuckDBDataChunk,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
import { checkArrow } from './arrow-layout.js';
import { identifier } from './database.js';
import { memoryBytes } from './file-bytes.js';

/** A data chunk of the database holds at most this many rows. */
const chunkRows = 2048;

function isList(type: DataType): boolean {
  return DataType.isList(type) || DataType.isFixedSizeList(type);
}

/** Times become milliseconds since 1970, whole numbers keep every digit. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? String(value.getTime()) : String(value);
}

function valueOf(column: Vector, row: number): DuckDBValue {
  const value: unknown = column.get(row);
  if (!isList(column.type)) return textOf(value);
  return value === null
    ? null
    : listValue(Array.from(value as Iterable<unknown>, (cell) => (cell === null ? null : Number(cell))));
}

/**
 * Copies an Arrow file or stream (up to 2 GiB, not compressed) into a table: every column as text, lists of
 * numbers as lists. (The database's own Arrow reader is an extension that would have to be downloaded.)
 */
export async function loadArrow(connection: DuckDBConnection, file: string, table: string): Promise<string> {
  const bytes = readFileSync(file);
  checkArrow(memoryBytes(file, bytes), 'Write it again.');
  const reader = RecordBatchReader.from(bytes).open();
  const fields = reader.schema.fields.filter(({ type }) => !DataType.isStruct(type) && !DataType.isMap(type));
  const types: DuckDBType[] = fields.map(({ type }) => (isList(type) ? LIST(DOUBLE) : VARCHAR));
  const columns = fields.map(({ name }, index) => `${identifier(name)} ${types[index].toString()}`);
  await connection.run(`CREATE OR REPLACE TABLE ${identifier(table)} (${columns.join(', ')})`);
  const appender = await connection.createAppender(table);
  for (const batch of reader) {
    const vectors = fields.map(({ name }) => batch.getChild(name) as Vector);
    for (let from = 0; from < batch.numRows; from += chunkRows) {
      const rows = Math.min(chunkRows, batch.numRows - from);
      const chunk = DuckDBDataChunk.create(types, rows);
      vectors.forEach((vector, index) =>
        chunk.setColumnValues(
          index,
          Array.from({ length: rows }, (_, row) => valueOf(vector, from + row)),
        ),
      );
      appender.appendDataChunk(chunk);
    }
  }
  appender.closeSync();
  return identifier(table);
}
