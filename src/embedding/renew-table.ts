import type { Graph } from '../graph/graph.js';
import type { Backend } from '../model/backends.js';
import type { PinSageModel } from '../model/weights.js';
import type { Progress } from '../progress.js';
import { type Drift, driftBetween } from './drift.js';
import { embedPins } from './embed-pins.js';
import type { EmbeddingTable } from './table.js';

export interface RenewOptions {
  modelId: string;
  backend: Backend;
  seed: number;
  threads?: number;
  progress?: Progress;
  /** The table that the new one takes the place of. */
  previous?: EmbeddingTable;
}

/** A model's table for a graph, and how far it lies from the one before. */
export async function renewTable(
  graph: Graph,
  model: PinSageModel,
  { modelId, previous, ...options }: RenewOptions,
): Promise<{ table: EmbeddingTable; drift: Drift | null }> {
  const table: EmbeddingTable = {
    modelId,
    graphId: graph.id,
    dimension: model.spec.dimension,
    metric: model.spec.normalise ? 'cosine' : 'ip',
    pinIds: graph.pins.ids(),
    vectors: await embedPins(graph, model, options),
  };
  return { table, drift: previous ? driftBetween(previous, table) : null };
}
