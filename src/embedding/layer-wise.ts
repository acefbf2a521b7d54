import type { PinInputs } from '../model/features.js';
import type { Encoder } from '../model/encoder.js';
import { sharedMatrix } from '../model/sparse-product.js';
import { type Progress, silentProgress } from '../progress.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import { inSharedMemory, sharedFloat32 } from '../sampling/shared-arrays.js';
import { type EmbeddingThreads, startEmbedding } from './embedding-threads.js';
import { type BlockTask, type LayerMemory, layerSteps, type Rows } from './layer-steps.js';

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
 * Vectors of all pins [pins, dimension], layer by layer: each pin is transformed once a layer, then pooled
 * from its neighbours' finished rows (PinSage, section 3.4). Holds four rows a pin on the host. With wasm the
 * result is the same to the bit whatever the number of threads, for a block is computed the same way by each.
 */
export async function embedLayerWise(
  network: Encoder,
  inputs: PinInputs,
  neighbourhoods: Neighbourhoods,
  options: Partial<LayerWiseOptions> = {},
): Promise<Float32Array> {
  const { blockSize, threads: wanted, progress } = { ...layerWiseDefaults, ...options };
  const blocks = Math.ceil(inputs.pins / blockSize);
  const threads = Math.min(wanted, Math.floor(blocks / blocksPerThread));
  const memory = layerMemory(network, inputs, neighbourhoods, threads > 0);
  const helpers = threads > 0 ? await startEmbedding(network, memory, threads) : undefined;
  try {
    await performAll(network, memory, helpers, blockSize, progress);
  } finally {
    await helpers?.end();
  }
  return threads > 0 ? memory.output.values.slice() : memory.output.values;
}

/** Every step over all blocks; a step reads what the one before has written for other pins. */
async function performAll(
  network: Encoder,
  memory: LayerMemory,
  helpers: EmbeddingThreads | undefined,
  blockSize: number,
  progress: Progress,
): Promise<void> {
  const { pins } = memory;
  const steps = stepsOf(network.spec.layers, memory);
  const perform = helpers?.perform ?? layerSteps(network, memory);
  const stage = progress.stage('embedding', pins * steps.length);
  let finished = 0;
  const run = async (task: BlockTask): Promise<void> => {
    await perform(task);
    stage.update((finished += task.to - task.from));
  };
  for (const step of steps) {
    const tasks: BlockTask[] = [];
    for (let from = 0; from < pins; from += blockSize)
      tasks.push({ ...step, from, to: Math.min(from + blockSize, pins) });
    if (helpers) await Promise.all(tasks.map(run));
    else for (const task of tasks) await run(task);
  }
  stage.finish(`${pins.toLocaleString('en-US')} pins`);
}

function stepsOf(layers: number, { trained }: LayerMemory): Pick<BlockTask, 'step' | 'layer'>[] {
  const encode = trained.text || trained.ids ? [{ step: 'encode', layer: 0 } as const] : [];
  const convolutions = Array.from({ length: layers }, (_, index) => [
    { step: 'transform', layer: index + 1 } as const,
    { step: 'combine', layer: index + 1 } as const,
  ]);
  return [...encode, ...convolutions.flat(), { step: 'head', layer: layers }];
}

function layerMemory(
  { spec, variables, hidden }: Encoder,
  { pins, dense, text, ids }: PinInputs,
  { size, neighbours, weights }: Neighbourhoods,
  shared: boolean,
): LayerMemory {
  const rows = (width: number): Rows => ({
    width,
    values: shared ? sharedFloat32(pins * width) : new Float32Array(pins * width),
  });
  const own = rows(variables.get('ids')?.shape[1] ?? dense.width);
  own.values.set(dense.values);
  return {
    pins,
    own,
    transformed: rows(hidden),
    hidden: rows(hidden),
    output: rows(spec.dimension),
    trained: shared ? { text: text && sharedMatrix(text), ids: ids && sharedMatrix(ids) } : { text, ids },
    neighbourhoods: shared
      ? { size, neighbours: inSharedMemory(neighbours), weights: inSharedMemory(weights) }
      : { size, neighbours, weights },
  };
}
