import { DataType, type Field, RecordBatchReader, type Vector } from 'apache-arrow';
import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampMillisecondsValue,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  TIMESTAMP_MS,
  VARCHAR,
} from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
import { checkArrow } from './arrow-layout.js';
import { textAt } from './arrow-text.js';
import { identifier } from './database.js';
import { memoryBytes } from './file-bytes.js';

/** A data chunk of the database holds at most this many rows. */
const chunkRows = 2048;

function isNumbers(type: DataType): boolean {
  if (!DataType.isList(type) && !DataType.isFixedSizeList(type)) return false;
  return DataType.isInt(type.valueType) || DataType.isFloat(type.valueType);
}

function isTime(type: DataType): boolean {
  return DataType.isTimestamp(type) || DataType.isDate(type);
}

function columnType({ type }: Field): DuckDBType {
  if (isTime(type)) return TIMESTAMP_MS;
  return isNumbers(type) ? LIST(DOUBLE) : VARCHAR;
}

/** Of milliseconds since 1970. What is too far away for a date is kept as a time that is none. */
function timeOf(milliseconds: number): DuckDBValue {
  if (Math.abs(milliseconds) > 8.64e15) return DuckDBTimestampMillisecondsValue.PosInf;
  return new DuckDBTimestampMillisecondsValue(BigInt(Math.floor(milliseconds)));
}

/** A cell of a column of one record batch. Whole numbers that become text keep every digit. */
function valueOf(column: Vector, row: number): DuckDBValue {
  if (!column.isValid(row)) return null;
  if (DataType.isUtf8(column.type) || DataType.isLargeUtf8(column.type)) return textAt(column.data[0], row);
  const value: unknown = column.get(row);
  if (isTime(column.type)) return timeOf(Number(value));
  if (!isNumbers(column.type)) return String(value);
  return listValue(Array.from(value as Iterable<unknown>, (cell) => (cell === null ? null : Number(cell))));
}

/**
 * Copies an Arrow file or stream (up to 2 GiB, not compressed) into a table: times as times, lists of numbers as lists,
 * every other column as text. (The database's own Arrow reader is an extension that would have to be downloaded.)
 */
export async function loadArrow(connection: DuckDBConnection, file: string, table: string): Promise<string> {
  const bytes = readFileSync(file);
  checkArrow(memoryBytes(file, bytes), 'Write it again.');
  const reader = RecordBatchReader.from(bytes).open();
  const fields = reader.schema.fields.filter(({ type }) => !DataType.isStruct(type) && !DataType.isMap(type));
  const types: DuckDBType[] = fields.map(columnType);
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
