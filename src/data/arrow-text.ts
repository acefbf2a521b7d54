import type { Data, LargeUtf8, Utf8 } from 'apache-arrow';

/** A cell of a text column. Buffer's decoder, unlike Arrow's, keeps a byte order mark that an id or a title begins with. */
export function textAt({ values, valueOffsets }: Data<Utf8 | LargeUtf8>, row: number): string {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return bytes.toString('utf8', Number(valueOffsets[row]), Number(valueOffsets[row + 1]));
}
