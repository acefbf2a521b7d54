import {
  type Data,
  type DataType,
  Field,
  FixedSizeList,
  Float16,
  Float32,
  Int8,
  makeData,
  type Table,
  Uint8,
  type Vector,
} from 'apache-arrow';
import type { Int4Basis } from './int4-vectors.js';
import { int4Bytes } from './int4-vectors.js';
import { scalesOf, type Vectors } from './vectors.js';

/** Values or codes as they lie, [rows, width]. */
export function codesOf(vectors: Vectors, dimension: number) {
  if (vectors instanceof Float32Array) return { values: vectors, width: dimension };
  const width = vectors.type === 'int4' ? int4Bytes(dimension, vectors.basis.wide) : dimension;
  return { values: vectors.codes, width };
}

export function cellType(vectors: Vectors): Float16 | Float32 | Int8 | Uint8 {
  if (vectors instanceof Float32Array) return new Float32();
  if (vectors.type === 'float16') return new Float16();
  return vectors.type === 'int8' ? new Int8() : new Uint8();
}

/** The `embedding` column of some rows, over the vectors' own memory. */
export function listColumn(vectors: Vectors, dimension: number, from: number, to: number): Data {
  const { values, width } = codesOf(vectors, dimension);
  const data = values.subarray(from * width, to * width);
  const item = cellType(vectors);
  const child = makeData({ type: item as Float32, length: data.length, nullCount: 0, data: data as Float32Array });
  const type = new FixedSizeList(width, new Field('item', item, false));
  return makeData({ type: type as FixedSizeList<Float32>, length: to - from, nullCount: 0, child });
}

/** The `scale` column of some rows, where the vectors have one. */
export function scaleColumn(vectors: Vectors, from: number, to: number): Data | undefined {
  const data = scalesOf(vectors)?.subarray(from, to);
  return data && makeData({ type: new Float32(), length: data.length, nullCount: 0, data });
}

const encoded = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

function decoded(text: string | undefined, length: number): Float32Array | undefined {
  const bytes = Uint8Array.from(Buffer.from(text ?? '', 'base64'));
  return bytes.byteLength === 4 * length ? new Float32Array(bytes.buffer) : undefined;
}

/** What unpacking needs beside the columns. A table of floats says nothing of a type, as ever. */
export function packingMetadata(vectors: Vectors): [string, string][] {
  if (vectors instanceof Float32Array) return [];
  if (vectors.type !== 'int4') return [['type', vectors.type]];
  const { axes, steps, wide } = vectors.basis;
  return [
    ['type', 'int4'],
    ['wide', String(wide)],
    ['steps', encoded(steps)],
    ['axes', encoded(axes)],
  ];
}

function readBasis(metadata: Map<string, string>, dimension: number): Int4Basis | undefined {
  const wide = Number(metadata.get('wide'));
  const steps = decoded(metadata.get('steps'), dimension);
  const axes = decoded(metadata.get('axes'), dimension * dimension);
  if (!steps || !axes || !(Number.isInteger(wide) && wide >= 0 && wide <= dimension)) return undefined;
  return { axes, steps, wide };
}

/** A copy of a list column's values; undefined where the column is not such lists. */
function listValues<T extends Float32Array | Uint16Array | Int8Array | Uint8Array>(
  column: Vector | null,
  item: DataType,
  width: number,
  made: (length: number) => T,
): T | undefined {
  const type = column?.type as FixedSizeList | undefined;
  if (type?.listSize !== width || String(type.children[0]?.type) !== String(item)) return undefined;
  const values = made((column?.length ?? 0) * width);
  let next = 0;
  for (const { children, offset, length } of (column?.data ?? []) as readonly Data<FixedSizeList>[]) {
    const cells = (children[0].values as T).subarray(offset * width, (offset + length) * width);
    values.set(cells as never, next);
    next += length * width;
  }
  return values;
}

/** The vectors of a table's file, packed as they are; undefined where the columns do not hold what the metadata says. */
export function readVectors(file: Table, dimension: number): Vectors | undefined {
  const { metadata } = file.schema;
  const column = file.getChild('embedding');
  const type = metadata.get('type') ?? 'float32';
  if (type === 'float32') return listValues(column, new Float32(), dimension, (length) => new Float32Array(length));
  if (type === 'float16') {
    const codes = listValues(column, new Float16(), dimension, (length) => new Uint16Array(length));
    return codes && { type, codes };
  }
  const scales = file.getChild('scale')?.toArray() as Float32Array | undefined;
  if (!(scales instanceof Float32Array) || scales.length !== file.numRows) return undefined;
  if (type === 'int8') {
    const codes = listValues(column, new Int8(), dimension, (length) => new Int8Array(length));
    return codes && { type, codes, scales: scales.slice() };
  }
  const basis = type === 'int4' ? readBasis(metadata, dimension) : undefined;
  const bytes = basis && int4Bytes(dimension, basis.wide);
  const codes = bytes && listValues(column, new Uint8(), bytes, (length) => new Uint8Array(length));
  return basis && codes ? { type: 'int4', codes, scales: scales.slice(), basis } : undefined;
}
