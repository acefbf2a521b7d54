import type { Graph } from '../graph/graph.js';
import { vectorColumns, vectorMetric } from '../model/pin-axes.js';
import type { PinSageModel } from '../model/weights.js';
import type { EmbeddingTable } from './table.js';
import type { Vectors } from './vectors.js';

/** A model's vectors of a graph's pins as a table; without a name while no model has one. */
export function tableOf<V extends Vectors>(
  graph: Graph,
  vectors: V,
  model: Pick<PinSageModel, 'spec' | 'weights'>,
  modelId = '',
): EmbeddingTable<V> {
  return {
    modelId,
    graphId: graph.id,
    dimension: vectorColumns(model),
    metric: vectorMetric(model),
    pinIds: graph.pins.ids(),
    vectors,
  };
}
