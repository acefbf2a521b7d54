import type * as tf from '@tensorflow/tfjs-core';
import { type EncodedBatch, Encoder, type RowExchange, wholeRows } from './encoder.js';
import type { PinInputs } from './features.js';
import { type LayerStep, outputRows, ownRows } from './layer-step.js';
import { affine, type AffineTerm, firstRows, normaliseRows } from './operations.js';
import { pooledRows } from './pooling.js';

/** Names of rows between two steps of inference. */
const transformedRows = 'transformed';
const hiddenRows = 'hidden';

/**
 * PinSage's layers (section 3.1):
 * n_u = Σ_v α_v · ReLU(Q h_v + q), h_u' = ReLU(W · [h_u ; n_u] + w) / ‖·‖, z = G2 · ReLU(G1 h + g),
 * or another pooling for the sum. W is held as two matrices, so that nothing is concatenated; with relations, the
 * neighbours of each graph are pooled by themselves, and W has a part for each (as MultiBiSage, VLDB 2022, keeps
 * bipartite graphs apart, though it joins them by a transformer). Unlike the
 * paper, z may have the pin's own content added and is L2-normalised, where the spec says so.
 */
export class ConvolutionEncoder extends Encoder {
  #term(layer: number, x: tf.Tensor2D, name: string): AffineTerm {
    return layer === 1 ? this.inputTerm(x, name) : { x, w: this.matrix(name) };
  }

  /** ReLU(Q h + q) of every source, ready to be pooled; `layer` counts from 1. */
  #transform(layer: number, h: tf.Tensor2D): tf.Tensor2D {
    const name = `convolution.${layer}.neighbour`;
    return affine([this.#term(layer, h, `${name}.weight`)], { bias: this.vector(`${name}.bias`), rectified: true });
  }

  /** A target's new vector from its own and its pooled neighbours'. */
  #combine(layer: number, own: tf.Tensor2D, pooled: tf.Tensor2D): tf.Tensor2D {
    const name = `convolution.${layer}`;
    const terms = [
      this.#term(layer, own, `${name}.self.weight`),
      { x: pooled, w: this.matrix(`${name}.pooled.weight`) },
    ];
    return normaliseRows(affine(terms, { bias: this.vector(`${name}.bias`), rectified: true }));
  }

  /** Graphs that neighbours are pooled from, each with a part of W of its own. */
  get #graphs(): number {
    return this.matrix('convolution.1.pooled.weight').shape[0] / this.spec.hidden;
  }

  forward(batch: EncodedBatch, inputs: PinInputs, rows: RowExchange = wholeRows(batch, this.spec)): tf.Tensor2D {
    const own = this.encode(inputs);
    let h = own;
    batch.layers.forEach(({ targets }, index) => {
      const pooled = rows.pool(index, this.#transform(index + 1, h), this.#graphs);
      h = this.#combine(index + 1, firstRows(h, targets), pooled);
    });
    return rows.all(this.head(h, firstRows(own, h.shape[0])));
  }

  /** Each pin is transformed once a layer, then pooled from its neighbours' finished rows (section 3.4). */
  steps(inputs: PinInputs): LayerStep[] {
    const { layers, hidden, dimension } = this.spec;
    const convolutions = Array.from({ length: layers }, (_, index): LayerStep[] => {
      const before = index === 0 ? ownRows : hiddenRows;
      return [
        {
          of: 'pins',
          writes: transformedRows,
          width: hidden,
          compute: (block) => this.#transform(index + 1, block.rows(before)),
        },
        {
          of: 'pins',
          writes: hiddenRows,
          width: hidden,
          compute: (block) =>
            this.#combine(
              index + 1,
              block.rows(before),
              pooledRows(this.spec.pooling, block.neighbours(), block.all(transformedRows), this.#graphs),
            ),
        },
      ];
    });
    return [
      ...this.encodeSteps(inputs),
      ...convolutions.flat(),
      {
        of: 'pins',
        writes: outputRows,
        width: dimension,
        compute: (block) => this.head(block.rows(hiddenRows), block.rows(ownRows)),
      },
    ];
  }
}
