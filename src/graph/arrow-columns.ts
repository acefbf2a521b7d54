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
  for (let i = 0; i < length; i++) if (!Number.isNaN(milliseconds[i])) data[i] = BigInt(Math.round(milliseconds[i]));
  const nulls = validity(length, (i) => !Number.isNaN(milliseconds[i]));
  return makeData({ type: new TimestampMillisecond('UTC'), length, data, ...nulls });
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
