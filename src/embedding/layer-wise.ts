import type { Rows } from '../linear/rows.js';
import type { Encoder } from '../model/encoder.js';
import type { PinInputs } from '../model/features.js';
import { axesRows, boardRows, type LayerStep, outputRows, ownRows } from '../model/layer-step.js';
import { sharedMatrix } from '../model/sparse-product.js';
import { type Progress, silentProgress } from '../progress.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import { neighbourhoodsInShared, sharedFloat32 } from '../sampling/shared-arrays.js';
import { withDefaults } from '../with-defaults.js';
import { type EmbeddingThreads, startEmbedding } from './embedding-threads.js';
import { type BlockTask, type LayerMemory, inputsOf, layerSteps } from './layer-steps.js';

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
 * computed once (PinSage, section 3.4). Holds a row a node on the host for each name that the steps write. With wasm
 * the result is the same to the bit whatever the number of threads, for a block is computed the same way by each.
 */
export async function embedLayerWise(
  encoder: Encoder,
  inputs: PinInputs,
  neighbourhoods: Neighbourhoods,
  options: Partial<LayerWiseOptions> = {},
): Promise<Float32Array> {
  const { blockSize, threads: wanted, progress } = withDefaults(layerWiseDefaults, options);
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
  const steps = encoder.steps(memory.inputs);
  const perform = helpers?.perform ?? layerSteps(encoder, memory);
  const nodesOf = ({ of }: LayerStep): number => inputsOf(memory, of).pins;
  const stage = progress.stage(
    'embedding',
    steps.reduce((sum, step) => sum + nodesOf(step), 0),
  );
  let finished = 0;
  const run = async (task: BlockTask): Promise<void> => {
    await perform(task);
    stage.update((finished += task.to - task.from));
  };
  for (const [step, described] of steps.entries()) {
    const nodes = nodesOf(described);
    const tasks: BlockTask[] = [];
    for (let from = 0; from < nodes; from += blockSize)
      tasks.push({ step, from, to: Math.min(from + blockSize, nodes) });
    if (helpers) await Promise.all(tasks.map(run));
    else for (const task of tasks) await run(task);
  }
  stage.finish(`${memory.inputs.pins.toLocaleString('en-US')} pins`);
}

function layerMemory(encoder: Encoder, given: PinInputs, neighbourhoods: Neighbourhoods, shared: boolean): LayerMemory {
  const rowsOf = (count: number, width: number): Rows => ({
    width,
    values: shared ? sharedFloat32(count * width) : new Float32Array(count * width),
  });
  const copied = ({ pins, dense, text, ids, axes }: PinInputs): PinInputs => {
    const copy = ({ width, values }: Rows): Rows => {
      const rows = rowsOf(pins, width);
      rows.values.set(values);
      return rows;
    };
    const own = { pins, dense: copy(dense), axes: axes && (shared ? copy(axes) : axes) };
    return shared ? { ...own, text: text && sharedMatrix(text), ids: ids && sharedMatrix(ids) } : { ...own, text, ids };
  };
  const inputs = { ...copied(given), boards: given.boards && copied(given.boards) };
  const rows: Record<string, Rows> = {};
  // Where there are no dense inputs, the step that makes h0 of trained rows gets rows of its own.
  if (inputs.dense.width > 0) rows[ownRows] = inputs.dense;
  if (inputs.axes) rows[axesRows] = inputs.axes;
  if (inputs.boards && inputs.boards.dense.width > 0) rows[boardRows] = inputs.boards.dense;
  for (const { of, writes, width } of encoder.steps(inputs))
    rows[writes] ??= rowsOf(inputsOf({ inputs }, of).pins, width);
  return { inputs, rows, neighbourhoods: shared ? neighbourhoodsInShared(neighbourhoods) : neighbourhoods };
}
