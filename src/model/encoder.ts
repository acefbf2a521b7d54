import * as tf from '@tensorflow/tfjs-core';
import type { Side } from '../graph/graph.js';
import type { MiniBatch } from '../sampling/minibatch.js';
import type { PinInputs } from './features.js';
import { trainedWeights } from './initial-weights.js';
import { boardRows, type LayerStep, ownRows } from './layer-step.js';
import { affine, type AffineTerm, normaliseRows, sum } from './operations.js';
import { pool } from './pooling.js';
import { adjacencyOf, sparseProduct } from './sparse-product.js';
import type { PinSageSpec } from './spec.js';
import type { Weights } from './weights.js';

/** The part of a batch that an encoder reads beside the inputs of its nodes. */
export type EncodedBatch = Pick<MiniBatch, 'layers' | 'boards'>;

/** What takes all rows of a batch, where several towers may each hold some of them; differentiable. */
export interface RowExchange {
  /** All rows of a kind from a tower's own. */
  all(own: tf.Tensor2D): tf.Tensor2D;
  /**
   * Pools the neighbours of a tower's own targets in a layer, counted from 0, out of the rows of all sources; those of
   * each graph by themselves, side by side.
   */
  pool(layer: number, own: tf.Tensor2D, graphs: number): tf.Tensor2D;
}

/** The rows of a batch that is held whole. */
export function wholeRows({ layers }: EncodedBatch, { pooling }: PinSageSpec): RowExchange {
  return { all: (own) => own, pool: (layer, own, graphs) => pool(pooling, adjacencyOf(layers[layer]), own, graphs) };
}

/**
 * What turns pins and their neighbourhoods into vectors: weights as variables of the chosen tensor backend, and two
 * ways to compute with them that give the same, `forward` over a batch and `steps` over a whole graph. How
 * neighbours are aggregated is the implementation's. Callers wrap calls in `tf.tidy`.
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

  /**
   * The vectors [targets, dimension] of a batch's unique query, positive and negative pins. Where several towers
   * each hold some of the rows, `batch` and `inputs` are a tower's, and `rows` brings them together.
   */
  abstract forward(batch: EncodedBatch, inputs: PinInputs, rows?: RowExchange): tf.Tensor2D;

  /** What layer-wise inference does over such inputs, in order; the last step writes the vectors to `outputRows`. */
  abstract steps(inputs: PinInputs): LayerStep[];

  protected matrix(name: string): tf.Tensor2D {
    return this.variables.get(name) as tf.Tensor as tf.Tensor2D;
  }

  protected vector(name: string): tf.Tensor1D {
    return this.variables.get(name) as tf.Tensor as tf.Tensor1D;
  }

  /** A product with h0; where that holds no trained rows, no gradient goes below it. */
  protected inputTerm(h0: tf.Tensor2D, name: string): AffineTerm {
    return { x: h0, w: this.matrix(name), fixed: !this.variables.has('words') && !this.variables.has('ids') };
  }

  /** h0 [pins, inputs]: the dense inputs, and the trained rows of a pin's words and of its id, if there are any. */
  encode({ pins, dense, text, ids }: PinInputs): tf.Tensor2D {
    const parts: tf.Tensor2D[] = [];
    if (dense.width > 0) parts.push(tf.tensor2d(dense.values, [pins, dense.width]));
    if (text) parts.push(sparseProduct(text, this.matrix('words')));
    if (ids) parts.push(sparseProduct(ids, this.matrix('ids')));
    return parts.reduce(sum);
  }

  /** The steps that make h0 of the dense inputs; none where they are all that h0 holds. */
  protected encodeSteps({ boards, ...pins }: PinInputs): LayerStep[] {
    const step = (of: Side, writes: string, { dense, text, ids }: PinInputs): LayerStep[] =>
      text || ids
        ? [
            {
              of,
              writes,
              width: this.variables.get('ids')?.shape[1] ?? dense.width,
              compute: (block) => this.encode(block.inputs()),
            },
          ]
        : [];
    return [...step('pins', ownRows, pins), ...(boards ? step('boards', boardRows, boards) : [])];
  }

  /** z [rows, dimension] = G2 · ReLU(G1 h + g), to which the spec may add C · h0, the pin's own content. */
  head(h: tf.Tensor2D, own: tf.Tensor2D): tf.Tensor2D {
    const first = [{ x: h, w: this.matrix('head.1.weight') }];
    const inner = affine(first, { bias: this.vector('head.1.bias'), rectified: true });
    const z = affine([
      { x: inner, w: this.matrix('head.2.weight') },
      ...(this.spec.contentPath ? [this.inputTerm(own, 'content')] : []),
    ]);
    return this.spec.normalise ? normaliseRows(z) : z;
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
