import type * as tf from '@tensorflow/tfjs-core';
import { type SparseMatrix, sparseFromRows } from '../linear/sparse-matrix.js';
import type { BatchLayer } from '../sampling/minibatch.js';
import { inSharedMemory } from '../sampling/shared-arrays.js';
import { arithmetic } from './arithmetic/choose.js';
import { differentiable } from './differentiable.js';

/** A layer's importance weights as a matrix [targets, sources]. */
export function adjacencyOf({ indices, weights, neighbours, sources }: BatchLayer): SparseMatrix {
  return sparseFromRows(indices, weights, neighbours, sources);
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

/** A copy of a matrix in shared memory, where other threads can see it. */
export function sharedMatrix({ shape, offsets, columns, values }: SparseMatrix): SparseMatrix {
  return {
    shape,
    offsets: inSharedMemory(offsets),
    columns: inSharedMemory(columns),
    values: inSharedMemory(values),
  };
}
