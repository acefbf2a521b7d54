import * as tf from '@tensorflow/tfjs-core';
import { type PinInputs, pickInputs } from '../model/features.js';
import type { PinSageNetwork } from '../model/pinsage.js';
import { multiplyInto } from '../model/sparse-kernels.js';
import { type Progress, silentProgress } from '../progress.js';
import type { Neighbourhoods } from '../sampling/kernel.js';

export interface LayerWiseOptions {
  /** Pins a block: bounds the tensors' memory, about 4 KiB a pin. */
  blockSize: number;
  progress: Progress;
}

export const layerWiseDefaults: LayerWiseOptions = { blockSize: 8192, progress: silentProgress };

/** A matrix on the host, row-major. */
interface Rows {
  width: number;
  values: Float32Array;
}

/** Applies an operation to blocks of rows and gathers what it gives. */
async function inBlocks(
  pins: number,
  blockSize: number,
  operation: (from: number, to: number) => tf.Tensor2D,
  done: (rows: number) => void,
): Promise<Rows> {
  let result: Rows | undefined;
  for (let from = 0; from < pins; from += blockSize) {
    const to = Math.min(from + blockSize, pins);
    const block = tf.tidy(() => operation(from, to));
    const width = block.shape[1];
    result ??= { width, values: new Float32Array(pins * width) };
    result.values.set((await block.data()) as Float32Array, from * width);
    block.dispose();
    done(to - from);
  }
  return result ?? { width: 0, values: new Float32Array() };
}

function blockOf({ width, values }: Rows, from: number, to: number): tf.Tensor2D {
  return tf.tensor2d(values.subarray(from * width, to * width), [to - from, width]);
}

/** Σ_v α_v · rows[v] for the pins of a block, on the host, where the rows of all pins lie. */
function pooledBlock({ width, values }: Rows, { size, neighbours, weights }: Neighbourhoods, from: number, to: number) {
  const pooled = new Float32Array((to - from) * width);
  const matrix = {
    shape: [to - from, values.length / width] as const,
    offsets: Int32Array.from({ length: to - from + 1 }, (_, row) => row * size),
    columns: Int32Array.from(neighbours.subarray(from * size, to * size)),
    values: weights.subarray(from * size, to * size),
  };
  multiplyInto(pooled, matrix, values, width);
  return tf.tensor2d(pooled, [to - from, width]);
}

/**
 * Vectors of all pins [pins, dimension], layer by layer: each pin is transformed once a layer, then pooled
 * from its neighbours' finished rows (PinSage, section 3.4). Holds three rows a pin on the host.
 */
export async function embedLayerWise(
  network: PinSageNetwork,
  inputs: PinInputs,
  neighbourhoods: Neighbourhoods,
  options: Partial<LayerWiseOptions> = {},
): Promise<Float32Array> {
  const { blockSize, progress } = { ...layerWiseDefaults, ...options };
  const { pins } = inputs;
  const { layers } = network.spec;
  const stage = progress.stage('embedding', pins * (2 * layers + 2));
  let finished = 0;
  const done = (rows: number): void => stage.update((finished += rows));

  const inputsOf = (from: number, to: number): PinInputs =>
    pickInputs(
      inputs,
      Uint32Array.from({ length: to - from }, (_, row) => from + row),
    );
  let h = await inBlocks(pins, blockSize, (from, to) => network.encode(inputsOf(from, to)), done);
  for (let layer = 1; layer <= layers; layer++) {
    const own = h;
    const transformed = await inBlocks(
      pins,
      blockSize,
      (from, to) => network.transform(layer, blockOf(own, from, to)),
      done,
    );
    h = await inBlocks(
      pins,
      blockSize,
      (from, to) => network.combine(layer, blockOf(own, from, to), pooledBlock(transformed, neighbourhoods, from, to)),
      done,
    );
  }
  const z = await inBlocks(
    pins,
    blockSize,
    (from, to) => network.head(blockOf(h, from, to), network.encode(inputsOf(from, to))),
    done,
  );
  stage.finish(`${pins.toLocaleString('en-US')} pins`);
  return z.values;
}
