import { arrowBuffers } from './arrow-layout.js';
import { crcOf, crcText } from './crc.js';
import { type Bytes, pieces } from './file-bytes.js';

/** What tells whether a column of an Arrow file is damaged, and where it lies once the schema is lost. */
export interface ColumnRecord {
  /** CRC-32 over the column's buffers in the order of the file, in hexadecimal. */
  crc32: string;
  /** Buffers of the column in one record batch. */
  buffers: number;
}

/** One record a column, in the order of the schema. */
export function columnRecords(file: Bytes, mend: string): Record<string, ColumnRecord> {
  const sums = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { column, batch, from, bytes } of arrowBuffers(file, mend)) {
    sums.set(column, crcOf(pieces(file, from, bytes), sums.get(column)));
    if (batch === 0) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  const record = ([column, buffers]: [string, number]): [string, ColumnRecord] => {
    return [column, { crc32: crcText(sums.get(column) ?? 0), buffers }];
  };
  return Object.fromEntries(Array.from(counts, record));
}

/** The first column whose checksum is not the recorded one, with what it is now; undefined where all agree. */
export function damagedColumn(
  file: Bytes,
  recorded: Record<string, ColumnRecord>,
  mend: string,
): { column: string; found: string | undefined } | undefined {
  const records = columnRecords(file, mend);
  const column = Object.keys(recorded).find((name) => records[name]?.crc32 !== recorded[name].crc32);
  return column === undefined ? undefined : { column, found: records[column]?.crc32 };
}
