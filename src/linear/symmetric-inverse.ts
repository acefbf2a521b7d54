import { type Progress, silentProgress } from '../progress.js';
import { inverseCholesky } from './inverse-cholesky.js';
import { productKernel, tileRows } from './product-kernel.js';

/** Rows and columns of a block: two of them lie in the second-level cache. */
export const blockSize = 256;
const blockArea = blockSize ** 2;

/** The lower half of a symmetric matrix, in square blocks; what fills up the last ones is the identity. */
export interface SymmetricBlocks {
  readonly size: number;
  readonly values: Float32Array;
}

/** Zeros. 4 bytes a pair of rows, or 128 MiB at 8,000 rows. */
export function symmetricBlocks(size: number): SymmetricBlocks {
  const count = Math.ceil(size / blockSize);
  const values = new Float32Array(blockStart(count, 0));
  for (let i = size; i < count * blockSize; i++) values[position(i, i)] = 1;
  return { size, values };
}

/** Where block (row, column ≤ row) begins. */
function blockStart(row: number, column: number): number {
  return ((row * (row + 1)) / 2 + column) * blockArea;
}

/** Where the entry (i, j) with j ≤ i lies. */
export function position(i: number, j: number): number {
  const block = blockStart(Math.floor(i / blockSize), Math.floor(j / blockSize));
  return block + (i % blockSize) * blockSize + (j % blockSize);
}

/** Row `i`, whole. */
export function symmetricRow({ size, values }: SymmetricBlocks, i: number, out: Float32Array): Float32Array {
  for (let j = 0; j < size; j += blockSize) {
    const count = Math.min(blockSize, size - j);
    if (j + blockSize <= i) out.set(values.subarray(position(i, j), position(i, j) + count), j);
    else for (let c = j; c < j + count; c++) out[c] = values[c <= i ? position(i, c) : position(c, i)];
  }
  return out;
}

/**
 * Turns a positive definite A into its inverse, in place, in single precision: A = L Lᵀ, then U = L⁻ᵀ, then
 * U Uᵀ. n³ / 2 multiply-adds, nearly all of them products of two blocks, and as much memory again for U.
 */
export function invertInPlace(
  { size, values: l }: SymmetricBlocks,
  title: string,
  progress: Progress = silentProgress,
): void {
  const count = Math.ceil(size / blockSize);
  const stage = progress.stage(`${title}, inverse of ${size} rows`, 3 * count);
  // Block (i, j) of U lies where block (j, i) of L does.
  const u = new Float32Array(l.length);
  const add = blockProducts();
  const at = (from: Float32Array, row: number, column: number): Float32Array =>
    from.subarray(blockStart(row, column), blockStart(row, column) + blockArea);
  const sum = new Float32Array(blockArea);
  const turned = new Float32Array(blockArea);

  for (let j = 0; j < count; j++) {
    const corner = at(l, j, j);
    for (let k = 0; k < j; k++) add(corner, at(l, j, k), at(l, j, k), -1);
    const { inverse } = inverseCholesky(Float64Array.from(corner), blockSize);
    transpose(inverse, at(u, j, j));
    for (let i = j + 1; i < count; i++) {
      sum.set(at(l, i, j));
      for (let k = 0; k < j; k++) add(sum, at(l, i, k), at(l, j, k), -1);
      add(at(l, i, j).fill(0), sum, inverse, 1);
    }
    stage.update(j + 1);
  }
  const inverse = new Float32Array(blockArea);
  for (let i = 1; i < count; i++) {
    transpose(at(u, i, i), inverse);
    for (let j = 0; j < i; j++) {
      sum.fill(0);
      for (let k = j; k < i; k++) add(sum, at(l, i, k), at(u, k, j), -1);
      transpose(sum, turned);
      add(at(u, i, j), turned, inverse, 1);
    }
    stage.update(count + i);
  }
  l.fill(0);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) for (let k = i; k < count; k++) add(at(l, i, j), at(u, k, i), at(u, k, j), 1);
    stage.update(2 * count + i);
  }
  stage.finish();
}

function transpose(from: Float32Array, to: Float32Array): void {
  for (let i = 0; i < blockSize; i++)
    for (let j = 0; j < blockSize; j++) to[j * blockSize + i] = from[i * blockSize + j];
}

/** Adds sign · A · Bᵀ to a block. */
function blockProducts(): (target: Float32Array, a: Float32Array, b: Float32Array, sign: number) => void {
  const stride = 4 * blockSize;
  const left = 64;
  const right = left + 4 * blockArea;
  const { buffer, tile } = productKernel(blockSize, right + 4 * blockArea);
  const sums = new Float32Array(buffer, 0, 8);
  const rows = { a: new Float32Array(buffer, left, blockArea), b: new Float32Array(buffer, right, blockArea) };
  return (target, a, b, sign) => {
    rows.a.set(a);
    rows.b.set(b);
    for (let i = 0; i < blockSize; i += tileRows.a)
      for (let j = 0; j < blockSize; j += tileRows.b) {
        tile(left + i * stride, right + j * stride, 0);
        for (let r = 0, o = i * blockSize + j; r < tileRows.a; r++, o += blockSize) {
          target[o] += sign * sums[r];
          target[o + 1] += sign * sums[tileRows.a + r];
        }
      }
  };
}
