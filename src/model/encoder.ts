import * as tf from '@tensorflow/tfjs-core';
import type { BatchLayer, MiniBatch } from '../sampling/minibatch.js';
import type { PinInputs } from './features.js';
import { trainedWeights } from './initial-weights.js';
import { firstRows, sum } from './operations.js';
import { pool } from './pooling.js';
import { sparseFromRows, sparseProduct, type SparseMatrix } from './sparse-product.js';
import type { PinSageSpec } from './spec.js';
import type { Weights } from './weights.js';

/** All rows of a batch from one tower's own; differentiable. */
export type Gather = (own: tf.Tensor2D) => tf.Tensor2D;

/**
 * From a pin's inputs and its neighbourhood to its vector, over variables of the chosen tensor backend: K layers
 * that each transform a pin's row, pool those of its neighbours and combine the two, and a head. A layer is in
 * three parts so that inference can do each for all pins before the next (PinSage, section 3.4). Callers wrap
 * calls in `tf.tidy`.
 */
export abstract class Encoder {
  readonly spec: PinSageSpec;
  readonly variables: ReadonlyMap<string, tf.Variable>;

  constructor(spec: PinSageSpec, weights: Weights) {
    this.spec = spec;
    this.variables = new Map(
      trainedWeights(weights).map(([name, { shape, values }]) => [
        name,
        tf.tidy(() => tf.variable(tf.tensor(values, [...shape]))),
      ]),
    );
  }

  /** Columns of what `transform` and `combine` give. */
  abstract readonly hidden: number;
  /** What a neighbour contributes; `layer` counts from 1, and h is h0 in the first. */
  abstract transform(layer: number, h: tf.Tensor2D): tf.Tensor2D;
  /** A target's new row from its own and its pooled neighbours'. */
  abstract combine(layer: number, own: tf.Tensor2D, pooled: tf.Tensor2D): tf.Tensor2D;
  /** z [rows, dimension] from the last layer's rows and h0. */
  abstract head(h: tf.Tensor2D, own: tf.Tensor2D): tf.Tensor2D;

  protected matrix(name: string): tf.Tensor2D {
    return this.variables.get(name) as tf.Tensor as tf.Tensor2D;
  }

  protected vector(name: string): tf.Tensor1D {
    return this.variables.get(name) as tf.Tensor as tf.Tensor1D;
  }

  /** h0 [pins, inputs]: the dense inputs, and the trained rows of a pin's words and of its id, if there are any. */
  encode({ pins, dense, text, ids }: PinInputs): tf.Tensor2D {
    const parts: tf.Tensor2D[] = [];
    if (dense.width > 0) parts.push(tf.tensor2d(dense.values, [pins, dense.width]));
    if (text) parts.push(sparseProduct(text, this.matrix('words')));
    if (ids) parts.push(sparseProduct(ids, this.matrix('ids')));
    return parts.reduce(sum);
  }

  /**
   * The vectors of a batch's unique query, positive and negative pins. Where several towers each hold some of
   * the rows, `gather` brings those together that a pin may have as its neighbours, and the vectors.
   */
  forward(batch: Pick<MiniBatch, 'layers'>, inputs: PinInputs, gather: Gather = (own) => own): tf.Tensor2D {
    const own = this.encode(inputs);
    let h = own;
    batch.layers.forEach((layer, index) => {
      const pooled = pool(this.spec.pooling, adjacencyOf(layer), gather(this.transform(index + 1, h)));
      h = this.combine(index + 1, firstRows(h, layer.targets), pooled);
    });
    return gather(this.head(h, firstRows(own, h.shape[0])));
  }

  /** The variables' present values, copied to plain memory. */
  async snapshot(): Promise<Weights> {
    const weights = new Map<string, { shape: number[]; values: Float32Array }>();
    for (const [name, variable] of this.variables)
      weights.set(name, { shape: [...variable.shape], values: (await variable.data()) as Float32Array });
    return weights;
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
  }
}

/** A layer's importance weights as a matrix [targets, sources]. */
export function adjacencyOf({ indices, weights, neighbours, sources }: BatchLayer): SparseMatrix {
  return sparseFromRows(indices, weights, neighbours, sources);
}
