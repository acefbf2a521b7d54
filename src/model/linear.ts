import * as tf from '@tensorflow/tfjs-core';
import { type EncodedBatch, Encoder, type RowExchange, wholeRows } from './encoder.js';
import type { PinInputs } from './features.js';
import { axesRows, type Block, type LayerStep, outputRows, ownRows } from './layer-step.js';
import { affine, firstRows, gatedSum, normaliseRows, sum } from './operations.js';
import { pooledRows } from './pooling.js';

/** Names of rows between two steps of inference: a layer reads all of one and writes the other. */
const summedRows = ['even sums', 'odd sums'] as const;

/** Vectors with the places of their pins behind them; `axes` may go on with pins that are no targets. */
function joined(z: tf.Tensor2D, axes: tf.Tensor2D): tf.Tensor2D {
  return tf.concat([z, firstRows(axes, z.shape[0])], 1);
}

/**
 * Propagation without weights of its own, as in LightGCN (SIGIR 2020, section 3.1): h_u' = h_u + Σ_v α_v h_v, K
 * times, from h0 or, where there is content and the spec has a path for it, from C · h0; z = h, L2-normalised where
 * the spec says so. All that is trained lies in the inputs' rows, which is what ids need: ReLU and matrices over rows
 * that are free anyway only slow their training down. Unlike LightGCN, which walks pins and boards in turn over all
 * edges, a layer goes from pin to pin over the T most visited. With relations, each graph's sum has a trained gate for
 * every column: h_u' = h_u + Σ_g gate_g ∘ Σ_v α_gv h_v. Where pins have places on axes, these stand behind z, each
 * pin's own: summed over neighbours they find less (recall@20 of .176 for .205 on hidden edges of Gowalla).
 */
export class LinearEncoder extends Encoder {
  #placed(h0: tf.Tensor2D): tf.Tensor2D {
    return this.variables.has('content') ? affine([this.inputTerm(h0, 'content')]) : h0;
  }

  #vectors(h: tf.Tensor2D): tf.Tensor2D {
    return this.spec.normalise ? normaliseRows(h) : h;
  }

  get #graphs(): number {
    return this.variables.get('gates')?.shape[0] ?? 1;
  }

  #gated(pooled: tf.Tensor2D): tf.Tensor2D {
    return this.variables.has('gates') ? gatedSum(pooled, this.matrix('gates')) : pooled;
  }

  forward(batch: EncodedBatch, inputs: PinInputs, rows: RowExchange = wholeRows(batch, this.spec)): tf.Tensor2D {
    const { pins, axes } = inputs;
    let h = this.#placed(this.encode(inputs));
    batch.layers.forEach(
      ({ targets }, index) => (h = sum(firstRows(h, targets), this.#gated(rows.pool(index, h, this.#graphs)))),
    );
    const z = rows.all(this.#vectors(h));
    return axes ? joined(z, tf.tensor2d(axes.values, [pins, axes.width])) : z;
  }

  steps(inputs: PinInputs): LayerStep[] {
    const { layers, dimension: width } = this.spec;
    const placed: LayerStep[] = this.variables.has('content')
      ? [{ of: 'pins', writes: summedRows[0], width, compute: (block) => this.#placed(block.rows(ownRows)) }]
      : [];
    const first = placed.length > 0 ? summedRows[0] : ownRows;
    const before = (layer: number): string => (layer === 1 ? first : summedRows[(layer - 1) % 2]);
    const sums = Array.from({ length: layers }, (_, index): LayerStep => {
      const from = before(index + 1);
      return { of: 'pins', writes: summedRows[(index + 1) % 2], width, compute: (block) => this.#summed(block, from) };
    });
    const last = before(layers + 1);
    return [
      ...this.encodeSteps(inputs),
      ...placed,
      ...sums,
      {
        of: 'pins',
        writes: outputRows,
        width: width + (inputs.axes?.width ?? 0),
        compute: (block) => {
          const z = this.#vectors(block.rows(last));
          return inputs.axes ? joined(z, block.rows(axesRows)) : z;
        },
      },
    ];
  }

  #summed(block: Block, from: string): tf.Tensor2D {
    const pooled = pooledRows(this.spec.pooling, block.neighbours(), block.all(from), this.#graphs);
    return sum(block.rows(from), this.#gated(pooled));
  }
}
