import { pageBytes } from '../wasm-memory.js';
import { type ProductKernel, productKernel, tileRows } from './product-kernel.js';

/** A dense matrix, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns]. */
  readonly values: Float32Array;
}

export function matrix(rows: number, columns: number, values: Float32Array = new Float32Array(rows * columns)): Matrix {
  return { rows, columns, values };
}

export const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** Rows of A in the kernel's memory at once: they stay in the second-level cache while B streams past. */
const panelRows = 64;

/** The first bytes of the kernel's memory receive a tile's sums. */
const outBytes = 64;

/** Of a kernel's memory: 4 GiB but for a page, so that the address after its last row is one too. */
const mostBytes = 2 ** 32 - pageBytes;

type Multiplier = (a: Matrix, out?: Matrix) => Matrix;

/**
 * Prepares products with the rows of B, of which the kernel keeps a copy. The function returned gives
 * A · Bᵀ: the inner product of every row of A with every row of B, [A.rows, B.rows], in single precision.
 * Rows that do not fit one kernel's `room`, in bytes, are shared out over several.
 */
export function multiplierBy(b: Matrix, room = mostBytes): Multiplier {
  const floats = Math.max(4, roundUp(b.columns, 4));
  const stride = 4 * floats;
  const panel = outBytes;
  const fixed = panel + panelRows * stride;
  const held = tileRows.a * Math.floor((room - fixed) / stride / tileRows.a);
  if (b.rows > held) return multiplierByParts(b, held, room);
  const { buffer, tile } = productKernel(floats, fixed + roundUp(b.rows, tileRows.a) * stride);
  copyRows(b, 0, b.rows, buffer, fixed, floats);
  const sums = new Float32Array(buffer, 0, 8);
  /** One or two rows of A, which lie in the panel: tiles lie the other way, so that fewer of their sums are idle. */
  const fewRows = (count: number, first: number, values: Float32Array): void => {
    for (let j = 0; j < b.rows; j += tileRows.a) {
      tile(fixed + j * stride, panel, 0);
      const most = Math.min(tileRows.a, b.rows - j);
      for (let i = 0; i < count; i++)
        for (let r = 0, o = (first + i) * b.rows + j; r < most; r++) values[o + r] = sums[tileRows.a * i + r];
    }
  };
  return (a, out = matrix(a.rows, b.rows)) => {
    const { values } = out;
    for (let first = 0; first < a.rows; first += panelRows) {
      const count = Math.min(panelRows, a.rows - first);
      copyRows(a, first, count, buffer, panel, floats);
      if (count <= tileRows.b) {
        fewRows(count, first, values);
        continue;
      }
      for (let j = 0; j < b.rows; j += 2) {
        const pair = j + 1 < b.rows;
        for (let i = 0; i < count; i += 4) {
          tile(panel + i * stride, fixed + j * stride, 0);
          const most = Math.min(4, count - i);
          for (let r = 0, o = (first + i) * b.rows + j; r < most; r++, o += b.rows) {
            values[o] = sums[r];
            if (pair) values[o + 1] = sums[4 + r];
          }
        }
      }
    }
    return out;
  };
}

/** Prepares products with the rows of B by a kernel for each `held` of them. */
function multiplierByParts(b: Matrix, held: number, room: number): Multiplier {
  const parts = Array.from({ length: Math.ceil(b.rows / held) }, (_, part) => {
    const rows = Math.min(held, b.rows - part * held);
    const first = part * held * b.columns;
    return multiplierBy(matrix(rows, b.columns, b.values.subarray(first, first + rows * b.columns)), room);
  });
  return (a, out = matrix(a.rows, b.rows)) => {
    parts.forEach((by, part) => {
      const { columns, values } = by(a);
      for (let row = 0; row < a.rows; row++)
        out.values.set(values.subarray(row * columns, (row + 1) * columns), row * b.rows + part * held);
    });
    return out;
  };
}

/** A · Bᵀ once. */
export function rowProducts(a: Matrix, b: Matrix, out?: Matrix): Matrix {
  return multiplierBy(b)(a, out);
}

/** Copies rows to an address, each filled up with zeros to `floats`. */
function copyRows(from: Matrix, first: number, count: number, buffer: ArrayBuffer, at: number, floats: number) {
  const target = new Float32Array(buffer, at, count * floats);
  const { columns, values } = from;
  if (columns === floats) target.set(values.subarray(first * columns, (first + count) * columns));
  else
    for (let row = 0; row < count; row++)
      target.set(values.subarray((first + row) * columns, (first + row + 1) * columns), row * floats);
}

/** Rows summed in single precision before their sum is added in double. */
const blockRows = 256;

/** Aᵀ · A, [columns, columns]. */
export function gram(tall: Matrix): Float64Array {
  const { columns } = tall;
  const out = new Float64Array(columns * columns);
  columnProducts(columns)(tall, out);
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) out[j * columns + i] = out[i * columns + j];
  return out;
}

/**
 * Prepares Aᵀ · A for matrices of so many columns. The function returned adds it to the lower half of `out`:
 * products of the columns of one block of rows after another.
 */
export function columnProducts(columns: number): (tall: Matrix, out: Float64Array) => void {
  const stride = 4 * blockRows;
  const kernel = productKernel(blockRows, outBytes + roundUp(columns, 4) * stride);
  const target = new Float32Array(kernel.buffer, outBytes);
  return (tall, out) => {
    for (let first = 0; first < tall.rows; first += blockRows) {
      transposeInto(target, tall, first, Math.min(blockRows, tall.rows - first));
      addSymmetric(kernel, stride, columns, out);
    }
  };
}

/** Column c of the block becomes row c, `blockRows` long; what a short block leaves over is zero. */
function transposeInto(target: Float32Array, { columns, values }: Matrix, first: number, count: number): void {
  if (count < blockRows) target.fill(0, 0, columns * blockRows);
  for (let row = 0; row < count; row++)
    for (let c = 0, from = (first + row) * columns; c < columns; c++) target[c * blockRows + row] = values[from + c];
}

/** A few rows in the kernel's memory. */
export interface HeldRows {
  /** Row i begins at i · stride; what lies between the columns and the stride is zero. */
  readonly values: Float32Array;
  readonly stride: number;
  /** Adds A · Aᵀ of the first `count` rows to the lower half of `out`, [count, count]. */
  addProducts(count: number, out: Float64Array): void;
}

/** Makes room for `rows` rows, to be written over again and again. */
export function holdRows(rows: number, columns: number): HeldRows {
  const stride = Math.max(4, roundUp(columns, 4));
  const kernel = productKernel(stride, outBytes + 4 * stride * roundUp(rows, 4));
  return {
    values: new Float32Array(kernel.buffer, outBytes, rows * stride),
    stride,
    addProducts: (count, out) => addSymmetric(kernel, 4 * stride, count, out),
  };
}

/** Adds the products of rows i and j ≤ i that lie in the kernel's memory, `stride` bytes apart. */
function addSymmetric({ buffer, tile }: ProductKernel, stride: number, size: number, out: Float64Array): void {
  const sums = new Float32Array(buffer, 0, 8);
  for (let i = 0; i < size; i += 4)
    for (let j = 0; j < Math.min(size, i + 4); j += 2) {
      tile(outBytes + i * stride, outBytes + j * stride, 0);
      if (j < i && i + 3 < size) {
        let o = i * size + j;
        for (let r = 0; r < 4; r++, o += size) {
          out[o] += sums[r];
          out[o + 1] += sums[4 + r];
        }
      } else
        for (let s = 0; s < 8; s++) {
          const row = i + (s & 3);
          const column = j + (s >> 2);
          if (row < size && column <= row) out[row * size + column] += sums[s];
        }
    }
}
