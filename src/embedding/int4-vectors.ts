import { principalAxes } from '../linear/principal-axes.js';
import { lengthOf } from '../linear/vector-length.js';

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
/** Values of the rows that axes and steps are fitted to at most, evenly spread over the table: 32,768 rows of 128. */
const fittedValues = 2 ** 22;
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
  // The last ones may be done twice: four axes share what is read of the row.
  for (let axis = 0; axis < dimension; axis += 4) {
    const first = Math.max(0, Math.min(axis, dimension - 4));
    alongFourAxes(axes, first, vectors, start, out);
  }
  for (let axis = 0; axis < dimension; axis++) out[axis] *= factor;
  return length;
}

/** The products of a row with four axes, or with as many as there are. */
function alongFourAxes(axes: Float32Array, first: number, vectors: Float32Array, start: number, out: Float64Array) {
  const dimension = out.length;
  const row = (k: number): number => Math.min(first + k, dimension - 1) * dimension;
  const [p, q, r, s] = [row(0), row(1), row(2), row(3)];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < dimension; i++) {
    const value = vectors[start + i];
    a += axes[p + i] * value;
    b += axes[q + i] * value;
    c += axes[r + i] * value;
    d += axes[s + i] * value;
  }
  out[p / dimension] = a;
  out[q / dimension] = b;
  out[r / dimension] = c;
  out[s / dimension] = d;
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
  const count = Math.min(rows, Math.ceil(fittedValues / Math.max(1, dimension)));
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count) * dimension);
  const sample = new Float64Array(count * dimension);
  starts.forEach((start, i) => {
    const length = lengthOf(vectors, start, dimension) || 1;
    for (let d = 0; d < dimension; d++) sample[i * dimension + d] = vectors[start + d] / length;
  });
  const axes = principalAxes(sample, dimension);
  // [dimension, count] the rows' coordinates, axis by axis.
  const turned = new Float64Array(dimension * count);
  const row = new Float64Array(dimension);
  starts.forEach((start, i) => {
    turnUnit(vectors, start, axes, row);
    row.forEach((value, axis) => {
      turned[axis * count + i] = value;
    });
  });
  const steps = Float32Array.from({ length: dimension }, (_, axis) => {
    const column = turned.subarray(axis * count, (axis + 1) * count);
    return axis < wide ? widestStep(column) : bestStep(column);
  });
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

/** A row's first columns. */
export function int4Row(vectors: Int4Vectors, dimension: number, row: number, columns: number): Float32Array {
  const { basis, scales } = vectors;
  const { axes } = basis;
  const out = new Float64Array(columns);
  const coordinates = coordinatesOf(vectors, dimension, row);
  // Each sum is read and written once for four axes; past the last, 0 times the last.
  for (let axis = 0; axis < dimension; axis += 4) {
    const at = (k: number): number => Math.min(axis + k, dimension - 1) * dimension;
    const [p, q, r, s] = [at(0), at(1), at(2), at(3)];
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => (axis + k < dimension ? coordinates[axis + k] : 0));
    for (let i = 0; i < columns; i++)
      out[i] = out[i] + a * axes[p + i] + b * axes[q + i] + c * axes[r + i] + d * axes[s + i];
  }
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
