import * as tf from '@tensorflow/tfjs-core';
import type { Rows } from '../linear/rows.js';
import { inParts, multiplyInto, type SparseMatrix } from '../linear/sparse-matrix.js';
import { maximumInto } from './maximum-rows.js';
import { neighbourMaximum } from './neighbour-maximum.js';
import { reshaped } from './operations.js';
import { sparseProduct } from './sparse-product.js';
import type { PinSageSpec } from './spec.js';

/**
 * How the transformed vectors of a pin's neighbours become one (section 3.2; max and mean are the baselines of
 * section 4.1). All three pool over the same T neighbours, those that walks visit most, and differ in what
 * counts of a neighbour: its visits, that it is one, or its largest values. So max and mean have here what the
 * paper may not have given them, the better neighbourhoods, and what is compared is the pooling alone.
 */
export type Pooling = PinSageSpec['pooling'];

/**
 * Pools rows of x by a matrix of importance weights [targets, rows of x]; a row without neighbours gives 0. Where a row
 * holds neighbours of several graphs, each graph's are pooled by themselves: [targets, graphs · columns of x].
 */
export function pool(pooling: Pooling, neighbours: SparseMatrix, x: tf.Tensor2D, graphs = 1): tf.Tensor2D {
  const matrix = inParts(neighbours, graphs);
  const pooled = pooling === 'max' ? neighbourMaximum(matrix, x) : sparseProduct(sumWeights(pooling, matrix), x);
  return reshaped(pooled, graphs * x.shape[1]);
}

/** What the neighbours' rows are multiplied with before they are added up, by the poolings that are sums. */
export function sumWeights(pooling: Exclude<Pooling, 'max'>, neighbours: SparseMatrix): SparseMatrix {
  return pooling === 'mean' ? evenWeights(neighbours) : neighbours;
}

/** Pools rows on the host into `out`, as `pool` does those of one graph; x and `out` are row-major with `width` columns. */
function poolInto(out: Float32Array, pooling: Pooling, neighbours: SparseMatrix, x: Float32Array, width: number): void {
  if (pooling === 'max') maximumInto(out, new Int32Array(out.length), neighbours, x, width);
  else multiplyInto(out, sumWeights(pooling, neighbours), x, width);
}

/** Pools rows on the host, those of each graph by themselves, into a tensor: [targets, graphs · columns of the rows]. */
export function pooledRows(
  pooling: Pooling,
  neighbours: SparseMatrix,
  { width, values }: Rows,
  graphs = 1,
): tf.Tensor2D {
  const [rows] = neighbours.shape;
  const pooled = new Float32Array(rows * graphs * width);
  poolInto(pooled, pooling, inParts(neighbours, graphs), values, width);
  return tf.tensor2d(pooled, [rows, graphs * width]);
}

/** A row's entries above 0 become equal shares of 1; the others are padding. */
function evenWeights({ shape, offsets, columns, values }: SparseMatrix): SparseMatrix {
  const even = new Float32Array(values.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    let count = 0;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) if (values[e] > 0) count++;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) if (values[e] > 0) even[e] = 1 / count;
  }
  return { shape, offsets, columns, values: even };
}
