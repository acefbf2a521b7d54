import { principalAxes } from './principal-axes.js';
import { lengthOf } from './vector-length.js';

/**
 * Four bits a value along the table's own principal axes; the leading axes, which carry most of the vectors'
 * length, take eight. Steps belong to the axis, so a row has one scale alone, which keeps its length.
 */
export interface Int4Vectors {
  readonly type: 'int4';
  /** [rows, bytes a row]: a byte for each wide axis, then two axes a byte, the lower half first. */
  readonly codes: Uint8Array;
  /** [rows]. */
  readonly scales: Float32Array;
  readonly basis: Int4Basis;
}

/** How codes become coordinates: (code - 127.5) · step on a wide axis, (code - 7.5) · step on another. */
export interface Int4Basis {
  /** [dimension, dimension], row i the unit vector of axis i, the longest axis first. */
  readonly axes: Float32Array;
  /** [dimension]. */
  readonly steps: Float32Array;
  /** Leading axes of eight bits. */
  readonly wide: number;
}

/**
 * Share of the axes that take eight bits. On citeulike-t a quarter halves the squared error of 4-bit codes
 * with a scale for every 16 values, which take as many bytes.
 */
const wideShare = 1 / 4;
/** Rows that axes and steps are fitted to at most, evenly spread over the table. */
const fittedRows = 32_768;
/** Ranges of a 4-bit code that are tried, in root mean squares of its axis: a narrow one cuts off the largest. */
const ranges = Array.from({ length: 29 }, (_, i) => 1.5 + 0.125 * i);

const middle = (wide: boolean): number => (wide ? 127.5 : 7.5);

export function int4Bytes(dimension: number, wide: number): number {
  return wide + Math.ceil((dimension - wide) / 2);
}

export function packInt4(vectors: Float32Array, dimension: number): Int4Vectors {
  const rows = dimension === 0 ? 0 : vectors.length / dimension;
  const basis = fitBasis(vectors, dimension, rows);
  const bytes = int4Bytes(dimension, basis.wide);
  const codes = new Uint8Array(rows * bytes);
  const scales = new Float32Array(rows);
  const turned = new Float64Array(dimension);
  for (let row = 0; row < rows; row++) {
    const length = turnUnit(vectors, row * dimension, basis.axes, turned);
    const kept = encodeRow(turned, basis, codes.subarray(row * bytes, (row + 1) * bytes));
    scales[row] = kept > 0 ? length / kept : 0;
  }
  return { type: 'int4', codes, scales, basis };
}

/** A row's unit vector along the axes; gives the row's length. */
function turnUnit(vectors: Float32Array, start: number, axes: Float32Array, out: Float64Array): number {
  const dimension = out.length;
  const length = lengthOf(vectors, start, dimension);
  const factor = length > 0 ? 1 / length : 0;
  for (let axis = 0; axis < dimension; axis++) {
    out[axis] = alongAxis(axes, axis * dimension, vectors, start, dimension) * factor;
  }
  return length;
}

function alongAxis(axes: Float32Array, from: number, vectors: Float32Array, start: number, dimension: number): number {
  let a = 0;
  let b = 0;
  const even = dimension - (dimension % 2);
  for (let i = 0; i < even; i += 2) {
    a += axes[from + i] * vectors[start + i];
    b += axes[from + i + 1] * vectors[start + i + 1];
  }
  if (even < dimension) a += axes[from + even] * vectors[start + even];
  return a + b;
}

const codeOf = (value: number, step: number, mid: number): number =>
  step > 0 ? Math.min(2 * mid, Math.max(0, Math.round(value / step + mid))) : Math.ceil(mid);

/** Writes a row's codes and gives the length of what they stand for. */
function encodeRow(turned: Float64Array, { steps, wide }: Int4Basis, out: Uint8Array): number {
  let square = 0;
  for (let axis = 0; axis < turned.length; axis++) {
    const mid = middle(axis < wide);
    const code = codeOf(turned[axis], steps[axis], mid);
    square += ((code - mid) * steps[axis]) ** 2;
    if (axis < wide) out[axis] = code;
    else out[wide + ((axis - wide) >> 1)] |= code << (4 * ((axis - wide) & 1));
  }
  return Math.sqrt(square);
}

function fitBasis(vectors: Float32Array, dimension: number, rows: number): Int4Basis {
  const wide = Math.round(dimension * wideShare);
  const count = Math.min(rows, fittedRows);
  const sample = new Float64Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const start = Math.floor((i * rows) / count) * dimension;
    const row = vectors.subarray(start, start + dimension);
    const length = lengthOf(vectors, start, dimension) || 1;
    row.forEach((value, d) => {
      sample[i * dimension + d] = value / length;
    });
  }
  const axes = principalAxes(sample, dimension);
  const steps = new Float32Array(dimension);
  const column = new Float64Array(count);
  for (let axis = 0; axis < dimension; axis++) {
    const direction = axes.subarray(axis * dimension, (axis + 1) * dimension);
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let d = 0, at = i * dimension; d < dimension; d++, at++) sum += sample[at] * direction[d];
      column[i] = sum;
    }
    steps[axis] = axis < wide ? widestStep(column) : bestStep(column);
  }
  return { axes, steps, wide };
}

/** The step that reaches the largest value. */
function widestStep(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest / middle(true);
}

/** The step of least squared error. */
function bestStep(values: Float64Array): number {
  const mid = middle(false);
  const mean = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
  let best = { step: 0, error: Number.POSITIVE_INFINITY };
  for (const range of ranges) {
    const step = (range * mean) / mid;
    let error = 0;
    for (const value of values) error += (value - (codeOf(value, step, mid) - mid) * step) ** 2;
    if (error < best.error) best = { step, error };
  }
  return best.step;
}

/** A row's coordinates along the axes, before its scale. */
function coordinatesOf({ codes, basis }: Int4Vectors, dimension: number, row: number): Float64Array {
  const { steps, wide } = basis;
  const start = row * int4Bytes(dimension, wide);
  return Float64Array.from({ length: dimension }, (_, axis) => {
    if (axis < wide) return (codes[start + axis] - middle(true)) * steps[axis];
    const pair = codes[start + wide + ((axis - wide) >> 1)];
    return (((pair >> (4 * ((axis - wide) & 1))) & 15) - middle(false)) * steps[axis];
  });
}

export function int4Row(vectors: Int4Vectors, dimension: number, row: number): Float32Array {
  const { basis, scales } = vectors;
  const out = new Float64Array(dimension);
  coordinatesOf(vectors, dimension, row).forEach((value, axis) => {
    for (let i = 0, at = axis * dimension; i < dimension; i++, at++) out[i] += value * basis.axes[at];
  });
  return Float32Array.from(out, (value) => value * scales[row]);
}

/** What each of a byte's values adds to the product with a query, for each byte of a row. */
export function int4Product(
  { codes, scales, basis }: Int4Vectors,
  dimension: number,
  query: Float32Array,
): (row: number) => number {
  const { axes, steps, wide } = basis;
  const bytes = int4Bytes(dimension, wide);
  const weights = new Float64Array(2 * bytes);
  for (let axis = 0; axis < dimension; axis++) {
    let sum = 0;
    for (let i = 0, at = axis * dimension; i < dimension; i++, at++) sum += axes[at] * query[i];
    weights[axis] = sum * steps[axis];
  }
  const added = new Float32Array(256 * bytes);
  for (let at = 0; at < bytes; at++) {
    const axis = at < wide ? at : 2 * at - wide;
    for (let byte = 0; byte < 256; byte++)
      added[256 * at + byte] =
        at < wide
          ? (byte - middle(true)) * weights[axis]
          : ((byte & 15) - middle(false)) * weights[axis] + ((byte >> 4) - middle(false)) * weights[axis + 1];
  }
  const even = bytes - (bytes % 2);
  return (row) => {
    let at = row * bytes;
    let one = 0;
    let other = 0;
    let base = 0;
    for (const end = at + even; at < end; at += 2, base += 512) {
      one += added[base + codes[at]];
      other += added[base + 256 + codes[at + 1]];
    }
    if (even < bytes) one += added[base + codes[at]];
    return (one + other) * scales[row];
  };
}
