import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { registerMaximumKernels } from './maximum-kernels.js';
import type { SparseMatrix } from './sparse-product.js';

/**
 * [rows, columns of x]: for each row of the matrix and each column, the largest value among the rows of x that
 * its entries above 0 name; 0 for a row without such an entry. Differentiable in x: the gradient goes to the
 * one that gave the value, the first listed among equals. O(nonzeros · columns of x).
 */
export function neighbourMaximum(matrix: SparseMatrix, x: tf.Tensor2D): tf.Tensor2D {
  registerMaximumKernels();
  return differentiable([x], (input) => {
    const attributes = { matrix } as object as tf.NamedAttrMap;
    const [value, chosen] = tf.engine().runKernel('NeighbourMaximum', { x: input }, attributes) as tf.Tensor2D[];
    const sources = input.shape[0];
    return {
      value,
      saved: [chosen],
      gradient: (dy, [kept]) => [
        tf.engine().runKernel('NeighbourMaximumGradient', { dy, chosen: kept }, { sources }) as tf.Tensor2D,
      ],
    };
  });
}
