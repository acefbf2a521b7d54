import type * as tf from '@tensorflow/tfjs-core';
import { Encoder } from './encoder.js';
import { affine, normaliseRows, sum } from './operations.js';

/**
 * Propagation without weights of its own, as in LightGCN (SIGIR 2020, section 3.1): h_u' = h_u + Σ_v α_v h_v, K
 * times, from h0 or, where there is content and the spec has a path for it, from C · h0; z = h, L2-normalised where the spec
 * says so. All that is trained lies in the inputs' rows, which is what ids need: ReLU and matrices over rows that
 * are free anyway only slow their training down. Unlike LightGCN, which walks pins and boards in turn over all
 * edges, a layer goes from pin to pin over the T most visited.
 */
export class LinearNetwork extends Encoder {
  readonly hidden = this.spec.dimension;

  /** The first layer's rows in the columns of the others. */
  #placed(layer: number, h: tf.Tensor2D): tf.Tensor2D {
    return layer === 1 && this.variables.has('content') ? affine([{ x: h, w: this.matrix('content') }]) : h;
  }

  transform(layer: number, h: tf.Tensor2D): tf.Tensor2D {
    return this.#placed(layer, h);
  }

  combine(layer: number, own: tf.Tensor2D, pooled: tf.Tensor2D): tf.Tensor2D {
    return sum(this.#placed(layer, own), pooled);
  }

  head(h: tf.Tensor2D): tf.Tensor2D {
    return this.spec.normalise ? normaliseRows(h) : h;
  }
}
