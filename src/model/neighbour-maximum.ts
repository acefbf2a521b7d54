import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import { emptyHeapTensor, heapIntegers, heapTensor, heapView } from './arithmetic/wasm-heap.js';
import { differentiable } from './differentiable.js';
import { maximumInto, maximumSlopesInto } from './maximum-rows.js';
import { stockMaximum, stockMaximumSlopes } from './stock-maximum.js';

/**
 * [rows, columns of x]: for each row of the matrix and each column, the largest value among the rows of x that
 * its entries above 0 name; 0 for a row without such an entry. Differentiable in x: the gradient goes to the
 * one that gave the value, the first listed among equals. O(nonzeros · columns of x).
 */
export function neighbourMaximum(matrix: SparseMatrix, x: tf.Tensor2D): tf.Tensor2D {
  const { forward, backward } = tf.getBackend() === 'wasm' ? onWasmHeap : withStockOperations;
  return differentiable([x], (input) => {
    const { value, chosen } = forward(matrix, input);
    const sources = input.shape[0];
    return { value, saved: [chosen], gradient: (dy, [kept]) => [backward(dy, kept, sources)] };
  });
}

interface Kernels {
  /** `chosen` [rows, columns of x]: the row of x that each value came from, -1 where a row has no neighbour. */
  forward(matrix: SparseMatrix, x: tf.Tensor2D): { value: tf.Tensor2D; chosen: tf.Tensor2D };
  /** The gradient of x, which has `sources` rows. */
  backward(dy: tf.Tensor2D, chosen: tf.Tensor2D, sources: number): tf.Tensor2D;
}

/** Views of the heap, taken after the allocations, which may move it. */
const onWasmHeap: Kernels = {
  forward(matrix, x) {
    const shape = [matrix.shape[0], x.shape[1]];
    const value = emptyHeapTensor<tf.Tensor2D>(shape);
    const chosen = emptyHeapTensor<tf.Tensor2D>(shape, 'int32');
    maximumInto(heapView(value), heapIntegers(chosen), matrix, heapView(x), x.shape[1]);
    return { value, chosen };
  },
  backward(dy, chosen, sources) {
    const [, width] = dy.shape;
    return heapTensor([sources, width], (slopes) =>
      maximumSlopesInto(slopes.fill(0), heapView(dy), heapIntegers(chosen), width),
    ) as tf.Tensor2D;
  },
};

const withStockOperations: Kernels = { forward: stockMaximum, backward: stockMaximumSlopes };
