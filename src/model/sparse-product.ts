import type * as tf from '@tensorflow/tfjs-core';
import type { BatchLayer } from '../sampling/minibatch.js';
import { inSharedMemory } from '../sampling/shared-arrays.js';
import { arithmetic } from './arithmetic/choose.js';
import { differentiable } from './differentiable.js';

/**
 * A sparse matrix in compressed rows, on the host: row r holds `values[e]` in column `columns[e]` for
 * e in [offsets[r], offsets[r + 1]).
 */
export interface SparseMatrix {
  /** [rows, columns]. */
  readonly shape: readonly [number, number];
  /** Length rows + 1. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** Rows of equal length T, as sampling hands them over. */
export function sparseFromRows(
  indices: Int32Array,
  weights: Float32Array,
  perRow: number,
  columnCount: number,
): SparseMatrix {
  const rows = indices.length / perRow;
  const offsets = Int32Array.from({ length: rows + 1 }, (_, row) => row * perRow);
  return { shape: [rows, columnCount], offsets, columns: indices, values: weights };
}

/** A layer's importance weights as a matrix [targets, sources]. */
export function adjacencyOf({ indices, weights, neighbours, sources }: BatchLayer): SparseMatrix {
  return sparseFromRows(indices, weights, neighbours, sources);
}

/** Rows of equal length, each cut into `parts` rows of equal length that follow one another. */
export function inParts(matrix: SparseMatrix, parts: number): SparseMatrix {
  if (parts === 1) return matrix;
  const [rows, width] = matrix.shape;
  const length = matrix.columns.length / (rows * parts);
  const offsets = Int32Array.from({ length: rows * parts + 1 }, (_, row) => row * length);
  return { ...matrix, shape: [rows * parts, width], offsets };
}

/** One 1 a row: the matrix that picks rows. */
export function selection(positions: Int32Array, columnCount: number): SparseMatrix {
  return sparseFromRows(positions, new Float32Array(positions.length).fill(1), 1, columnCount);
}

/**
 * matrix · x, differentiable in x: out[r] = Σ_e values[e] · x[columns[e]]. Serves aggregation over a
 * neighbourhood, the sum of a hashed text's table rows, and the picking of rows. O(nonzeros · columns of x).
 */
export function sparseProduct(matrix: SparseMatrix, x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], (input) => ({
    value: arithmetic().sparseProduct(matrix, input, false),
    saved: [],
    gradient: (dy) => [arithmetic().sparseProduct(matrix, dy, true)],
  }));
}

/** matrixᵀ · x, without a gradient. */
export function sparseProductTransposed(matrix: SparseMatrix, x: tf.Tensor2D): tf.Tensor2D {
  return arithmetic().sparseProduct(matrix, x, true);
}

/** Some rows of a sparse matrix, in the order asked for. */
export function pickRows({ shape, offsets, columns, values }: SparseMatrix, rows: Uint32Array): SparseMatrix {
  const picked = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) picked[i + 1] = picked[i] + offsets[rows[i] + 1] - offsets[rows[i]];
  const total = picked[rows.length];
  const result = { columns: new Int32Array(total), values: new Float32Array(total) };
  for (let i = 0; i < rows.length; i++) {
    const [from, to] = [offsets[rows[i]], offsets[rows[i] + 1]];
    result.columns.set(columns.subarray(from, to), picked[i]);
    result.values.set(values.subarray(from, to), picked[i]);
  }
  return { shape: [rows.length, shape[1]], offsets: picked, ...result };
}

/** A copy of a matrix in shared memory, where other threads can see it. */
export function sharedMatrix({ shape, offsets, columns, values }: SparseMatrix): SparseMatrix {
  return {
    shape,
    offsets: inSharedMemory(offsets),
    columns: inSharedMemory(columns),
    values: inSharedMemory(values),
  };
}
