import * as tf from '@tensorflow/tfjs-core';
import type { Encoder } from '../model/encoder.js';
import { type PinInputs, pickInputs } from '../model/features.js';
import { type Block, ownRows, type Rows } from '../model/layer-step.js';
import type { SparseMatrix } from '../model/sparse-product.js';
import type { Neighbourhoods } from '../sampling/kernel.js';

/** What layer-wise inference reads and writes; in shared memory where several threads do so. */
export interface LayerMemory {
  readonly pins: number;
  /** One row a pin, by the names that the encoder's steps give them. */
  readonly rows: Readonly<Record<string, Rows>>;
  readonly trained: Pick<PinInputs, 'text' | 'ids'>;
  readonly neighbourhoods: Neighbourhoods;
}

/** One of the encoder's steps, counted from 0, for the pins `from` to `to` - 1. */
export interface BlockTask {
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

function blockOf({ pins, rows, trained, neighbourhoods }: LayerMemory, from: number, to: number): Block {
  return {
    inputs() {
      const block = Uint32Array.from({ length: to - from }, (_, row) => from + row);
      return pickInputs({ pins, dense: rows[ownRows], ...trained }, block);
    },
    rows(name) {
      const { width, values } = rows[name];
      return tf.tensor2d(values.subarray(from * width, to * width), [to - from, width]);
    },
    all: (name) => rows[name],
    neighbours: () => rowsBetween(neighbourhoods, pins, from, to),
  };
}

function rowsBetween(
  { size, neighbours, weights }: Neighbourhoods,
  columnCount: number,
  from: number,
  to: number,
): SparseMatrix {
  return {
    shape: [to - from, columnCount],
    offsets: Int32Array.from({ length: to - from + 1 }, (_, row) => row * size),
    columns: Int32Array.from(neighbours.subarray(from * size, to * size)),
    values: weights.subarray(from * size, to * size),
  };
}

/** Performs the steps of one encoder over one memory. */
export function layerSteps(encoder: Encoder, memory: LayerMemory): (task: BlockTask) => Promise<void> {
  const steps = encoder.steps({ dense: memory.rows[ownRows], ...memory.trained });
  return async ({ step, from, to }) => {
    const { writes, compute } = steps[step];
    const block = tf.tidy(() => compute(blockOf(memory, from, to)));
    const { width, values } = memory.rows[writes];
    values.set((await block.data()) as Float32Array, from * width);
    block.dispose();
  };
}
