import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { Backend } from '../model/backends.js';
import { vectorColumns } from '../model/pin-axes.js';
import type { PinSageModel } from '../model/weights.js';
import type { Progress } from '../progress.js';
import { type Drift, driftBetween } from './drift.js';
import { embedPins } from './embed-pins.js';
import type { EmbeddingTable } from './table.js';
import { tableOf } from './table-of.js';
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

/** A model's table for a graph, and how far it lies from the one before. Throws `bad_option` where the graph has no pins. */
export async function renewTable(
  graph: Graph,
  model: PinSageModel,
  { modelId, previous, type = previous ? typeOf(previous.vectors) : 'float32', ...options }: RenewOptions,
): Promise<{ table: EmbeddingTable; drift: Drift | null }> {
  if (graph.pins.size === 0)
    throw new BoardwalkError('bad_option', 'The graph has no pins to embed: name another with --graph.', {
      field: 'graph',
    });
  const vectors = packVectors(await embedPins(graph, model, options), vectorColumns(model), type);
  const table = tableOf(graph, vectors, model, modelId);
  return { table, drift: previous ? driftBetween(previous, table) : null };
}
