import * as tf from '@tensorflow/tfjs-core';
import type { BatchLayer, MiniBatch } from '../sampling/minibatch.js';
import type { PinInputs } from './features.js';
import { affine, type AffineTerm, firstRows, normaliseRows, sum } from './operations.js';
import { pool } from './pooling.js';
import { sparseFromRows, sparseProduct, type SparseMatrix } from './sparse-product.js';
import type { PinSageSpec } from './spec.js';
import { trainedWeights } from './initial-weights.js';
import type { Weights } from './weights.js';

/** All rows of a batch from one tower's own; differentiable. */
export type Gather = (own: tf.Tensor2D) => tf.Tensor2D;

/**
 * PinSage's layers over variables of the chosen tensor backend (section 3.1):
 * n_u = Σ_v α_v · ReLU(Q h_v + q), h_u' = ReLU(W · [h_u ; n_u] + w) / ‖·‖, z = G2 · ReLU(G1 h + g),
 * or another pooling for the sum. W is held as two matrices, so that nothing is concatenated. Unlike the
 * paper, z may have the pin's own content added and is L2-normalised, where the spec says so. Callers wrap
 * calls in `tf.tidy`.
 */
export class PinSageNetwork {
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

  #matrix(name: string): tf.Tensor2D {
    return this.variables.get(name) as tf.Tensor as tf.Tensor2D;
  }

  #vector(name: string): tf.Tensor1D {
    return this.variables.get(name) as tf.Tensor as tf.Tensor1D;
  }

  /** Where h0 holds no trained rows, no gradient goes below the first convolution. */
  #term(layer: number, x: tf.Tensor2D, name: string): AffineTerm {
    const fixed = layer === 1 && !this.variables.has('words') && !this.variables.has('ids');
    return { x, w: this.#matrix(name), fixed };
  }

  /** h0 [pins, inputs]: the dense inputs, and the trained rows of a pin's words and of its id, if there are any. */
  encode({ pins, dense, text, ids }: PinInputs): tf.Tensor2D {
    let h = tf.tensor2d(dense.values, [pins, dense.width]);
    if (text) h = sum(h, sparseProduct(text, this.#matrix('words')));
    if (ids) h = sum(h, sparseProduct(ids, this.#matrix('ids')));
    return h;
  }

  /** ReLU(Q h + q) of every source, ready to be pooled; `layer` counts from 1. */
  transform(layer: number, h: tf.Tensor2D): tf.Tensor2D {
    const name = `convolution.${layer}.neighbour`;
    return affine([this.#term(layer, h, `${name}.weight`)], { bias: this.#vector(`${name}.bias`), rectified: true });
  }

  /** A target's new vector from its own and its pooled neighbours'. */
  combine(layer: number, own: tf.Tensor2D, pooled: tf.Tensor2D): tf.Tensor2D {
    const name = `convolution.${layer}`;
    const terms = [
      this.#term(layer, own, `${name}.self.weight`),
      { x: pooled, w: this.#matrix(`${name}.pooled.weight`) },
    ];
    return normaliseRows(affine(terms, { bias: this.#vector(`${name}.bias`), rectified: true }));
  }

  /** z [rows, dimension] = G2 · ReLU(G1 h + g), to which the spec may add C · h0, the pin's own content. */
  head(h: tf.Tensor2D, own: tf.Tensor2D): tf.Tensor2D {
    const first = [{ x: h, w: this.#matrix('head.1.weight') }];
    const inner = affine(first, { bias: this.#vector('head.1.bias'), rectified: true });
    const z = affine([
      { x: inner, w: this.#matrix('head.2.weight') },
      ...(this.spec.contentPath ? [this.#term(1, own, 'content')] : []),
    ]);
    return this.spec.normalise ? normaliseRows(z) : z;
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
