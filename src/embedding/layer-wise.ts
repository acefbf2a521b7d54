import type { Encoder } from '../model/encoder.js';
import type { PinInputs } from '../model/features.js';
import { outputRows, ownRows, type Rows } from '../model/layer-step.js';
import { sharedMatrix } from '../model/sparse-product.js';
import { type Progress, silentProgress } from '../progress.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import { inSharedMemory, sharedFloat32 } from '../sampling/shared-arrays.js';
import { type EmbeddingThreads, startEmbedding } from './embedding-threads.js';
import { type BlockTask, type LayerMemory, layerSteps } from './layer-steps.js';

export interface LayerWiseOptions {
  /** Pins a block: bounds the tensors' memory, about 4 KiB a pin and thread. */
  blockSize: number;
  /** Threads that compute with a wasm backend of their own; 0 computes here, with the backend that is open. */
  threads: number;
  progress: Progress;
}

export const layerWiseDefaults: LayerWiseOptions = { blockSize: 8192, threads: 0, progress: silentProgress };

/** A thread takes about half a second to start: it must have this many blocks a step to be worth it. */
const blocksPerThread = 4;

/**
 * Vectors of all pins [pins, dimension], step by step as the encoder has them, so that what neighbours share is
 * computed once (PinSage, section 3.4). Holds a row a pin on the host for each name that the steps write. With wasm
 * the result is the same to the bit whatever the number of threads, for a block is computed the same way by each.
 */
export async function embedLayerWise(
  encoder: Encoder,
  inputs: PinInputs,
  neighbourhoods: Neighbourhoods,
  options: Partial<LayerWiseOptions> = {},
): Promise<Float32Array> {
  const { blockSize, threads: wanted, progress } = { ...layerWiseDefaults, ...options };
  const blocks = Math.ceil(inputs.pins / blockSize);
  const threads = Math.min(wanted, Math.floor(blocks / blocksPerThread));
  const memory = layerMemory(encoder, inputs, neighbourhoods, threads > 0);
  const helpers = threads > 0 ? await startEmbedding(encoder, memory, threads) : undefined;
  try {
    await performAll(encoder, memory, helpers, blockSize, progress);
  } finally {
    await helpers?.end();
  }
  const { values } = memory.rows[outputRows];
  return threads > 0 ? values.slice() : values;
}

/** Every step over all blocks; a step reads what the one before has written for other pins. */
async function performAll(
  encoder: Encoder,
  memory: LayerMemory,
  helpers: EmbeddingThreads | undefined,
  blockSize: number,
  progress: Progress,
): Promise<void> {
  const { pins } = memory;
  const steps = encoder.steps({ dense: memory.rows[ownRows], ...memory.trained });
  const perform = helpers?.perform ?? layerSteps(encoder, memory);
  const stage = progress.stage('embedding', pins * steps.length);
  let finished = 0;
  const run = async (task: BlockTask): Promise<void> => {
    await perform(task);
    stage.update((finished += task.to - task.from));
  };
  for (const step of steps.keys()) {
    const tasks: BlockTask[] = [];
    for (let from = 0; from < pins; from += blockSize) tasks.push({ step, from, to: Math.min(from + blockSize, pins) });
    if (helpers) await Promise.all(tasks.map(run));
    else for (const task of tasks) await run(task);
  }
  stage.finish(`${pins.toLocaleString('en-US')} pins`);
}

function layerMemory(
  encoder: Encoder,
  { pins, dense, text, ids }: PinInputs,
  { size, neighbours, weights }: Neighbourhoods,
  shared: boolean,
): LayerMemory {
  const rowsOf = (width: number): Rows => ({
    width,
    values: shared ? sharedFloat32(pins * width) : new Float32Array(pins * width),
  });
  const rows: Record<string, Rows> = { [ownRows]: rowsOf(dense.width) };
  rows[ownRows].values.set(dense.values);
  for (const { writes, width } of encoder.steps({ dense, text, ids })) rows[writes] ??= rowsOf(width);
  return {
    pins,
    rows,
    trained: shared ? { text: text && sharedMatrix(text), ids: ids && sharedMatrix(ids) } : { text, ids },
    neighbourhoods: shared
      ? { size, neighbours: inSharedMemory(neighbours), weights: inSharedMemory(weights) }
      : { size, neighbours, weights },
  };
}
