import { BoardwalkError } from '../errors.js';
import { inSharedMemory } from '../sampling/shared-arrays.js';
import { fromHalf, halfValues, toHalf } from './half-float.js';
import { type Int4Vectors, int4Product, int4Row, packInt4 } from './int4-vectors.js';

export const vectorTypes = ['float32', 'float16', 'int8', 'int4'] as const;
export type VectorType = (typeof vectorTypes)[number];

/** Vectors [pins, dimension] in the order of a graph's pins, not packed. */
export interface PlainVectors {
  readonly dimension: number;
  readonly vectors: Float32Array;
  /** The columns of each network, where several stand side by side. */
  readonly networks?: readonly number[];
}

/** Half precision, as bit patterns. */
export interface HalfVectors {
  readonly type: 'float16';
  /** [rows, dimension]. */
  readonly codes: Uint16Array;
}

/** Whole numbers from -127 to 127, times a scale for each row. */
export interface Int8Vectors {
  readonly type: 'int8';
  /** [rows, dimension]. */
  readonly codes: Int8Array;
  /** [rows]. */
  readonly scales: Float32Array;
}

/** Vectors that are read and searched as they lie, without being unpacked as a whole. Plain memory: threads can share it. */
export type PackedVectors = HalfVectors | Int8Vectors | Int4Vectors;

/** [rows, dimension], row-major, or packed. */
export type Vectors = Float32Array | PackedVectors;

export function typeOf(vectors: Vectors): VectorType {
  return vectors instanceof Float32Array ? 'float32' : vectors.type;
}

export function rowCount(vectors: Vectors, dimension: number): number {
  if (dimension === 0) return 0;
  if (vectors instanceof Float32Array) return vectors.length / dimension;
  return vectors.type === 'float16' ? vectors.codes.length / dimension : vectors.scales.length;
}

/** The rows' scales, where codes have them. */
export function scalesOf(vectors: Vectors): Float32Array | undefined {
  return vectors instanceof Float32Array || vectors.type === 'float16' ? undefined : vectors.scales;
}

/** What the vectors take, in memory and about as much in a file. */
export function bytesOf(vectors: Vectors): number {
  const values = vectors instanceof Float32Array ? vectors : vectors.codes;
  return values.byteLength + (scalesOf(vectors)?.byteLength ?? 0);
}

function areFinite(vectors: Vectors): boolean {
  if (vectors instanceof Float32Array) return vectors.every(Number.isFinite);
  if (vectors.type === 'float16') return vectors.codes.every((code) => Number.isFinite(fromHalf(code)));
  return vectors.scales.every(Number.isFinite);
}

function refuseInfinite(vectors: Vectors): void {
  if (!areFinite(vectors))
    throw new BoardwalkError('bad_file', 'A vector holds a value that is not finite: embed the pins again.');
}

/** Packs float vectors [rows, dimension]. Throws `bad_file` where one is not finite. */
export function packVectors(vectors: Float32Array, dimension: number, type: VectorType): Vectors {
  refuseInfinite(vectors);
  switch (type) {
    case 'float32':
      return vectors;
    case 'float16':
      return { type, codes: Uint16Array.from(vectors, toHalf) };
    case 'int8':
      return packInt8(vectors, dimension);
    case 'int4':
      return packInt4(vectors, dimension);
    default:
      throw new BoardwalkError(
        'bad_option',
        `There is no vector type "${String(type)}": choose one of ${vectorTypes.join(', ')}.`,
        { field: 'type' },
      );
  }
}

/** Brings vectors to another type: packed again from what they stand for. Throws `bad_file` where one is not finite. */
export function repackVectors(vectors: Vectors, dimension: number, type: VectorType): Vectors {
  refuseInfinite(vectors);
  return typeOf(vectors) === type ? vectors : packVectors(unpackVectors(vectors, dimension), dimension, type);
}

const largestInt8 = 127;

function packInt8(vectors: Float32Array, dimension: number): Int8Vectors {
  const codes = new Int8Array(vectors.length);
  const scales = new Float32Array(rowCount(vectors, dimension));
  for (let row = 0; row < scales.length; row++) {
    const start = row * dimension;
    let largest = 0;
    for (let i = 0; i < dimension; i++) largest = Math.max(largest, Math.abs(vectors[start + i]));
    if (largest === 0) continue;
    scales[row] = largest / largestInt8;
    for (let i = 0; i < dimension; i++) codes[start + i] = Math.round((vectors[start + i] * largestInt8) / largest);
  }
  return { type: 'int8', codes, scales };
}

/** One row, or its first `columns`: a view of float vectors, else unpacked. */
export function rowOf(vectors: Vectors, dimension: number, row: number, columns = dimension): Float32Array {
  const start = row * dimension;
  const end = start + columns;
  if (vectors instanceof Float32Array) return vectors.subarray(start, end);
  const { type } = vectors;
  if (type === 'int4') return int4Row(vectors, dimension, row, columns);
  if (type === 'float16') return Float32Array.from(vectors.codes.subarray(start, end), fromHalf);
  const scale = vectors.scales[row];
  return Float32Array.from(vectors.codes.subarray(start, end), (code) => code * scale);
}

/** All rows as floats: the vectors themselves, where they are. */
export function unpackVectors(vectors: Vectors, dimension: number): Float32Array {
  if (vectors instanceof Float32Array) return vectors;
  const rows = rowCount(vectors, dimension);
  const unpacked = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) unpacked.set(rowOf(vectors, dimension, row), row * dimension);
  return unpacked;
}

/**
 * Prepares the inner product of a query with any row. Packed rows are multiplied as they lie; for int4 the
 * query becomes a table of what each byte adds, which costs as much as some 100 rows.
 */
export function productWith(vectors: Vectors, dimension: number, query: Float32Array): (row: number) => number {
  if (vectors instanceof Float32Array) return (row) => innerProduct(vectors, row, dimension, query);
  if (vectors.type === 'int4') return int4Product(vectors, dimension, query);
  return vectors.type === 'float16' ? halfProduct(vectors, dimension, query) : int8Product(vectors, dimension, query);
}

function halfProduct({ codes }: HalfVectors, dimension: number, query: Float32Array): (row: number) => number {
  const values = halfValues();
  const even = dimension - (dimension % 2);
  return (row) => {
    const start = row * dimension;
    let a = 0;
    let b = 0;
    for (let i = 0; i < even; i += 2) {
      a += values[codes[start + i]] * query[i];
      b += values[codes[start + i + 1]] * query[i + 1];
    }
    if (even < dimension) a += values[codes[start + even]] * query[even];
    return a + b;
  };
}

function int8Product({ codes, scales }: Int8Vectors, dimension: number, query: Float32Array): (row: number) => number {
  const even = dimension - (dimension % 2);
  return (row) => {
    const start = row * dimension;
    let a = 0;
    let b = 0;
    for (let i = 0; i < even; i += 2) {
      a += codes[start + i] * query[i];
      b += codes[start + i + 1] * query[i + 1];
    }
    if (even < dimension) a += codes[start + even] * query[even];
    return (a + b) * scales[row];
  };
}

/** The inner product of row `row` with a query. Four accumulators, so that no addition waits for the one before. */
export function innerProduct(vectors: Float32Array, row: number, dimension: number, query: Float32Array): number {
  const start = row * dimension;
  const blocks = dimension - (dimension % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < blocks; i += 4) {
    a += vectors[start + i] * query[i];
    b += vectors[start + i + 1] * query[i + 1];
    c += vectors[start + i + 2] * query[i + 2];
    d += vectors[start + i + 3] * query[i + 3];
  }
  for (; i < dimension; i++) a += vectors[start + i] * query[i];
  return a + b + (c + d);
}

/** A copy of vectors in shared memory, where other threads can see them. */
export function sharedVectors(vectors: Vectors): Vectors {
  if (vectors instanceof Float32Array) return inSharedMemory(vectors);
  if (vectors.type === 'float16') return { ...vectors, codes: inSharedMemory(vectors.codes) };
  const scales = inSharedMemory(vectors.scales);
  if (vectors.type === 'int8') return { ...vectors, codes: inSharedMemory(vectors.codes), scales };
  return { ...vectors, codes: inSharedMemory(vectors.codes), scales };
}
