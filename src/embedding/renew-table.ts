import type { Graph } from '../graph/graph.js';
import type { Backend } from '../model/backends.js';
import { vectorColumns, vectorMetric } from '../model/pin-axes.js';
import type { PinSageModel } from '../model/weights.js';
import type { Progress } from '../progress.js';
import { type Drift, driftBetween } from './drift.js';
import { embedPins } from './embed-pins.js';
import type { EmbeddingTable } from './table.js';
import { packVectors, typeOf, type VectorType } from './vectors.js';

export interface RenewOptions {
  modelId: string;
  backend: Backend;
  seed: number;
  threads?: number;
  progress?: Progress;
  /** How the vectors are kept; as those before by default, float32 at first. */
  type?: VectorType;
  /** The table that the new one takes the place of. */
  previous?: EmbeddingTable;
}

/** A model's table for a graph, and how far it lies from the one before. */
export async function renewTable(
  graph: Graph,
  model: PinSageModel,
  { modelId, previous, type = previous ? typeOf(previous.vectors) : 'float32', ...options }: RenewOptions,
): Promise<{ table: EmbeddingTable; drift: Drift | null }> {
  const dimension = vectorColumns(model);
  const table: EmbeddingTable = {
    modelId,
    graphId: graph.id,
    dimension,
    metric: vectorMetric(model),
    pinIds: graph.pins.ids(),
    vectors: packVectors(await embedPins(graph, model, options), dimension, type),
  };
  return { table, drift: previous ? driftBetween(previous, table) : null };
}
