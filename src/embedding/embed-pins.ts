import type { Graph } from '../graph/graph.js';
import type { Backend } from '../model/backends.js';
import { encodePins } from '../model/features.js';
import { PinSageNetwork } from '../model/pinsage.js';
import type { PinSageModel } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import { allNeighbourhoods } from '../sampling/importance-neighbourhoods.js';
import { walkPool } from '../sampling/pool.js';
import { embedLayerWise } from './layer-wise.js';

export interface EmbedPinsOptions {
  /** Opened by the caller; the process's tensors live there. */
  backend: Backend;
  /** Names the walks. */
  seed: number;
  /** Walk workers; the processor's by default. */
  threads?: number;
  progress?: Progress;
}

/** The stream of the walks that embedding uses: epoch 0, which training never trains with. */
export const embeddingEpoch = 0;

/**
 * Vectors [pins, dimension] of every pin of a graph, which need not be the one that the model was trained
 * on: a pin without boards gets a vector from its content alone. Throws `mismatch` where the graph lacks a
 * feature column.
 */
export async function embedPins(
  graph: Graph,
  { spec, features, weights }: PinSageModel,
  { seed, threads, progress = silentProgress }: EmbedPinsOptions,
): Promise<Float32Array> {
  const pool = walkPool(graph.topology, threads === undefined ? {} : { threads });
  const { neighbours, steps, restart } = spec;
  try {
    const neighbourhoods = await allNeighbourhoods(
      pool,
      { neighbours, steps, restart, seed, epoch: embeddingEpoch },
      progress,
    );
    const network = new PinSageNetwork(spec, weights);
    try {
      const inputs = encodePins(graph, spec.features, { features, fitted: weights });
      return await embedLayerWise(network, inputs, neighbourhoods, { progress });
    } finally {
      network.dispose();
    }
  } finally {
    await pool.close();
  }
}
