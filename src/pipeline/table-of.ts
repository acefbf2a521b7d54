import type { EmbeddingTable } from '../embedding/table.js';
import type { Graph } from '../graph/graph.js';
import { vectorColumns, vectorMetric } from '../model/pin-axes.js';
import type { PinSageModel } from '../model/weights.js';

/** Vectors as a table that no model has a name for yet. */
export function tableOf(graph: Graph, vectors: Float32Array, model: PinSageModel): EmbeddingTable<Float32Array> {
  return {
    modelId: '',
    graphId: graph.id,
    dimension: vectorColumns(model),
    metric: vectorMetric(model),
    pinIds: graph.pins.ids(),
    vectors,
  };
}
