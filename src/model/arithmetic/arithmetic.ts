import type * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../../linear/sparse-matrix.js';

/** A product x · w: [n, a] · [a, b]. */
export interface Term {
  readonly x: tf.Tensor2D;
  readonly w: tf.Tensor2D;
}

/**
 * What training spends its time in, one implementation a backend. None of it records gradients: the operations
 * that call it bring their own. New tensors belong to the scope at hand.
 */
export interface Arithmetic {
  /** a · b, each transposed first where asked. */
  product(a: tf.Tensor2D, b: tf.Tensor2D, transposed?: { readonly a?: boolean; readonly b?: boolean }): tf.Tensor2D;
  /** Σ x · w over the terms, + bias in every row, then max(·, 0) where `rectified`. */
  affine(terms: readonly Term[], bias: tf.Tensor1D | undefined, rectified: boolean): tf.Tensor2D;
  /** The gradient of what is rectified, dy where `value` is above 0, else 0; dy itself without a value. */
  slopes(dy: tf.Tensor2D, value: tf.Tensor2D | undefined): { slopes: tf.Tensor2D; columnSums: tf.Tensor1D };
  /** x / ‖x‖ by row, and the norms, [n, 1]. */
  unitRows(x: tf.Tensor2D): { unit: tf.Tensor2D; norms: tf.Tensor2D };
  /** The gradient of `unitRows`. */
  unitRowsSlopes(dy: tf.Tensor2D, unit: tf.Tensor2D, norms: tf.Tensor2D): tf.Tensor2D;
  /** The first rows of x. */
  firstRows(x: tf.Tensor2D, rows: number): tf.Tensor2D;
  /** x with rows of 0 below it, `rows` in all. */
  paddedRows(x: tf.Tensor2D, rows: number): tf.Tensor2D;
  /** matrix · x, or matrixᵀ · x. */
  sparseProduct(matrix: SparseMatrix, x: tf.Tensor2D, transposed: boolean): tf.Tensor2D;
  /** A step of Adam in one pass, where the backend can: the moved values; the moments are updated where they lie. */
  adam?(weight: tf.Tensor, gradient: tf.Tensor, first: tf.Tensor, second: tf.Tensor, settings: AdamSettings): tf.Tensor;
}

export interface AdamSettings {
  /** The learning rate with both bias corrections folded into it. */
  readonly rate: number;
  readonly decay1: number;
  readonly decay2: number;
  readonly epsilon: number;
}

/** Keeps a zero row from dividing by zero; far below any real norm. */
export const smallestSquare = 1e-12;

/** For each nonzero, the row it lies in. */
export function rowsOf({ offsets, columns }: SparseMatrix): Int32Array {
  const rows = new Int32Array(columns.length);
  for (let row = 0; row + 1 < offsets.length; row++) rows.fill(row, offsets[row], offsets[row + 1]);
  return rows;
}

/** A matrix given by rows, given by columns: a counting sort, O(nonzeros + columns). */
export function transpose({ shape, offsets, columns, values }: SparseMatrix): SparseMatrix {
  const [rows, width] = shape;
  const ends = new Int32Array(width + 1);
  for (let e = 0; e < columns.length; e++) ends[columns[e] + 1]++;
  for (let column = 0; column < width; column++) ends[column + 1] += ends[column];
  const next = ends.slice();
  const turned = { columns: new Int32Array(columns.length), values: new Float32Array(columns.length) };
  for (let row = 0; row < rows; row++)
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      const to = next[columns[e]]++;
      turned.columns[to] = row;
      turned.values[to] = values[e];
    }
  return { shape: [width, rows], offsets: ends, ...turned };
}
