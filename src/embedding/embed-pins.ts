import type { Graph, Relation } from '../graph/graph.js';
import { relationsNamed } from '../graph/relations.js';
import type { Backend } from '../model/backends.js';
import { encodeNodes } from '../model/board-features.js';
import { assertTextColumn } from '../model/features.js';
import { openEncoder } from '../model/open-encoder.js';
import type { PinSageSpec } from '../model/spec.js';
import { walksOf } from '../model/walks.js';
import type { PinSageModel } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import { nodeNeighbourhoods } from '../sampling/board-neighbourhoods.js';
import { importanceTasks } from '../sampling/importance-neighbourhoods.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import { besideEachOther, relationNeighbourhoods } from '../sampling/relation-neighbourhoods.js';
import { walkPool, walkPoolDefaults } from '../sampling/pool.js';
import { embedLayerWise } from './layer-wise.js';

export interface EmbedPinsOptions {
  /** Opened by the caller; the process's tensors live there. */
  backend: Backend;
  /** Names the walks. */
  seed: number;
  /** Threads that walk and, where the backend is wasm, embed: the processor's at most, and by default. */
  threads?: number;
  progress?: Progress;
}

/** The stream of the walks that embedding uses: epoch 0, that of training too where it does not walk anew (`traversals` 0). */
export const embeddingEpoch = 0;

/**
 * Vectors [pins, dimension] of every pin of a graph, which need not be the one that the model was trained
 * on: a pin without boards gets a vector from its content alone. Throws `mismatch` where the graph lacks a
 * feature column, or title and text where the model reads them.
 */
export async function embedPins(
  graph: Graph,
  { spec, features, weights }: PinSageModel,
  { backend, seed, threads: wanted = Infinity, progress = silentProgress }: EmbedPinsOptions,
): Promise<Float32Array> {
  const threads = Math.min(wanted, walkPoolDefaults().threads, importanceTasks(graph.pins.size));
  assertTextColumn(graph, features);
  const neighbourhoods = await walkToNeighbours(graph, spec, relationsNamed(graph, features.relations ?? []), {
    seed,
    threads,
    progress,
  });
  const encoder = openEncoder(spec, weights);
  try {
    const inputs = encodeNodes(graph, spec, { features, fitted: weights });
    // Native backends share the work out among their own threads.
    const helpers = backend.name === 'wasm' ? threads : 0;
    return await embedLayerWise(encoder, inputs, neighbourhoods, { threads: helpers, progress });
  } finally {
    encoder.dispose();
  }
}

async function walkToNeighbours(
  { topology }: Graph,
  spec: PinSageSpec,
  relations: readonly Relation[],
  { seed, threads, progress }: { seed: number; threads: number; progress: Progress },
): Promise<Neighbourhoods> {
  const walks = walksOf(spec, seed, embeddingEpoch);
  const others = await relationNeighbourhoods(relations, walks, { threads }, progress);
  const pool = walkPool(topology, { threads });
  try {
    return besideEachOther(await nodeNeighbourhoods(pool, walks, progress), others);
  } finally {
    await pool.close();
  }
}
