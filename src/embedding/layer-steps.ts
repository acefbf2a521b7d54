import * as tf from '@tensorflow/tfjs-core';
import { type PinInputs, pickInputs } from '../model/features.js';
import type { Encoder } from '../model/encoder.js';
import { poolInto, type Pooling } from '../model/pooling.js';
import type { Neighbourhoods } from '../sampling/kernel.js';

/** A matrix on the host, row-major. */
export interface Rows {
  readonly width: number;
  readonly values: Float32Array;
}

/** What layer-wise inference reads and writes, one row a pin; in shared memory where several threads do so. */
export interface LayerMemory {
  readonly pins: number;
  /** h0: a pin's dense inputs, to which `encode` adds its trained rows. */
  readonly own: Rows;
  /** What neighbours contribute to the layer at work. */
  readonly transformed: Rows;
  /** The last layer's outcome; a row is read for the last time where it is written, so one memory serves all layers. */
  readonly hidden: Rows;
  readonly output: Rows;
  readonly trained: Pick<PinInputs, 'text' | 'ids'>;
  readonly neighbourhoods: Neighbourhoods;
}

/** One step of one layer, for the pins `from` to `to` - 1. Layers count from 1. */
export interface BlockTask {
  readonly step: 'encode' | 'transform' | 'combine' | 'head';
  readonly layer: number;
  readonly from: number;
  readonly to: number;
}

function tensorOf({ width, values }: Rows, from: number, to: number): tf.Tensor2D {
  return tf.tensor2d(values.subarray(from * width, to * width), [to - from, width]);
}

/** What the pins of a block have of their neighbours, pooled on the host, where the rows of all pins lie. */
function pooledBlock(
  pooling: Pooling,
  { width, values }: Rows,
  { size, neighbours, weights }: Neighbourhoods,
  from: number,
  to: number,
) {
  const pooled = new Float32Array((to - from) * width);
  const matrix = {
    shape: [to - from, values.length / width] as const,
    offsets: Int32Array.from({ length: to - from + 1 }, (_, row) => row * size),
    columns: Int32Array.from(neighbours.subarray(from * size, to * size)),
    values: weights.subarray(from * size, to * size),
  };
  poolInto(pooled, pooling, matrix, values, width);
  return tf.tensor2d(pooled, [to - from, width]);
}

function encodeBlock(network: Encoder, { own, trained }: LayerMemory, from: number, to: number): tf.Tensor2D {
  const pins = Uint32Array.from({ length: to - from }, (_, row) => from + row);
  return network.encode(pickInputs({ pins: own.values.length / own.width, dense: own, ...trained }, pins));
}

/** Performs the steps of one network over one memory. */
export function layerSteps(network: Encoder, memory: LayerMemory): (task: BlockTask) => Promise<void> {
  const { own, transformed, hidden, output, neighbourhoods } = memory;
  const operations: Record<BlockTask['step'], (task: BlockTask) => tf.Tensor2D> = {
    encode: ({ from, to }) => encodeBlock(network, memory, from, to),
    transform: ({ layer, from, to }) => network.transform(layer, tensorOf(layer === 1 ? own : hidden, from, to)),
    combine: ({ layer, from, to }) =>
      network.combine(
        layer,
        tensorOf(layer === 1 ? own : hidden, from, to),
        pooledBlock(network.spec.pooling, transformed, neighbourhoods, from, to),
      ),
    head: ({ from, to }) => network.head(tensorOf(hidden, from, to), tensorOf(own, from, to)),
  };
  const targets: Record<BlockTask['step'], Rows> = {
    encode: own,
    transform: transformed,
    combine: hidden,
    head: output,
  };
  return async (task) => {
    const block = tf.tidy(() => operations[task.step](task));
    const { width, values } = targets[task.step];
    values.set((await block.data()) as Float32Array, task.from * width);
    block.dispose();
  };
}
