import {
  type Data,
  type DataType,
  Field,
  Float32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';

interface Validity {
  nullCount: number;
  nullBitmap: Uint8Array | undefined;
}

/** Arrow's validity bits (1 = present, least significant bit first), left out where nothing is missing. */
export function validity(length: number, present: (index: number) => boolean): Validity {
  const nullBitmap = new Uint8Array((length + 7) >>> 3);
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    if (present(i)) nullBitmap[i >>> 3] |= 1 << (i & 7);
    else nullCount++;
  }
  return { nullCount, nullBitmap: nullCount > 0 ? nullBitmap : undefined };
}

export function textColumn(values: readonly (string | null)[]): Data<Utf8> {
  const valueOffsets = new Int32Array(values.length + 1);
  for (let i = 0; i < values.length; i++)
    valueOffsets[i + 1] = valueOffsets[i] + (values[i] === null ? 0 : Buffer.byteLength(values[i] as string));
  const data = Buffer.alloc(valueOffsets[values.length]);
  for (let i = 0; i < values.length; i++) if (values[i] !== null) data.write(values[i] as string, valueOffsets[i]);
  const nulls = validity(values.length, (i) => values[i] !== null);
  return makeData({ type: new Utf8(), length: values.length, valueOffsets, data, ...nulls });
}

/** Milliseconds since 1970; NaN is a missing cell. */
export function timeColumn(milliseconds: ArrayLike<number>): Data<TimestampMillisecond> {
  const { length } = milliseconds;
  const data = new BigInt64Array(length);
  // Two halves, low first: a BigInt for every cell would take most of the time of writing a large graph.
  const halves = new Int32Array(data.buffer);
  for (let i = 0; i < length; i++) {
    const whole = Math.round(milliseconds[i]);
    if (Number.isNaN(whole)) continue;
    halves[2 * i] = whole;
    halves[2 * i + 1] = Math.floor(whole / 2 ** 32);
  }
  const nulls = validity(length, (i) => !Number.isNaN(milliseconds[i]));
  return makeData({ type: new TimestampMillisecond('UTC'), length, data, ...nulls });
}

/** The milliseconds of each cell of one batch of a time column; NaN where it is missing. */
export function timesIn(column: Data<TimestampMillisecond>, into: Float64Array): void {
  const { values, length } = column;
  const halves = new Int32Array(values.buffer, values.byteOffset, 2 * length);
  for (let i = 0; i < length; i++) into[i] = halves[2 * i + 1] * 2 ** 32 + (halves[2 * i] >>> 0);
  if (column.nullCount === 0) return;
  for (let i = 0; i < length; i++) if (!column.getValid(i)) into[i] = Number.NaN;
}

/** The values of one batch of a 32-bit float column; NaN where one is missing. */
export function floatsIn(column: Data<Float32>, into: Float32Array): void {
  into.set(column.values.subarray(0, column.length));
  if (column.nullCount === 0) return;
  for (let i = 0; i < column.length; i++) if (!column.getValid(i)) into[i] = Number.NaN;
}

/** NaN is a missing cell. */
export function floatColumn(values: Float32Array): Data<Float32> {
  const nulls = validity(values.length, (i) => !Number.isNaN(values[i]));
  return makeData({ type: new Float32(), length: values.length, data: values, ...nulls });
}

/** A record batch of columns made elsewhere; `type` of each is what the schema says. */
export function recordBatch(schema: Schema, length: number, children: Data[]): RecordBatch {
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

export function schemaOf(columns: Record<string, DataType>, nullable = true): Schema {
  return new Schema(Object.entries(columns).map(([name, type]) => new Field(name, type, nullable)));
}
