import type * as tf from '@tensorflow/tfjs-core';
import { Encoder } from './encoder.js';
import { affine, type AffineTerm, normaliseRows } from './operations.js';

/**
 * PinSage's layers (section 3.1): n_u = Σ_v α_v · ReLU(Q h_v + q), h_u' = ReLU(W · [h_u ; n_u] + w) / ‖·‖,
 * z = G2 · ReLU(G1 h + g), or another pooling for the sum. W is held as two matrices, so that nothing is
 * concatenated. Unlike the paper, z may have the pin's own content added and is L2-normalised, where the spec
 * says so.
 */
export class PinSageNetwork extends Encoder {
  readonly hidden = this.spec.hidden;

  /** Where h0 holds no trained rows, no gradient goes below the first convolution. */
  #term(layer: number, x: tf.Tensor2D, name: string): AffineTerm {
    const fixed = layer === 1 && !this.variables.has('words') && !this.variables.has('ids');
    return { x, w: this.matrix(name), fixed };
  }

  /** ReLU(Q h + q). */
  transform(layer: number, h: tf.Tensor2D): tf.Tensor2D {
    const name = `convolution.${layer}.neighbour`;
    return affine([this.#term(layer, h, `${name}.weight`)], { bias: this.vector(`${name}.bias`), rectified: true });
  }

  combine(layer: number, own: tf.Tensor2D, pooled: tf.Tensor2D): tf.Tensor2D {
    const name = `convolution.${layer}`;
    const terms = [
      this.#term(layer, own, `${name}.self.weight`),
      { x: pooled, w: this.matrix(`${name}.pooled.weight`) },
    ];
    return normaliseRows(affine(terms, { bias: this.vector(`${name}.bias`), rectified: true }));
  }

  /** z = G2 · ReLU(G1 h + g), to which the spec may add C · h0, the pin's own content. */
  head(h: tf.Tensor2D, own: tf.Tensor2D): tf.Tensor2D {
    const first = [{ x: h, w: this.matrix('head.1.weight') }];
    const inner = affine(first, { bias: this.vector('head.1.bias'), rectified: true });
    const z = affine([
      { x: inner, w: this.matrix('head.2.weight') },
      ...(this.spec.contentPath ? [this.#term(1, own, 'content')] : []),
    ]);
    return this.spec.normalise ? normaliseRows(z) : z;
  }
}
