import { edgeCount, type Graph } from '../graph/graph.js';
import type { PinSageSpec } from '../model/spec.js';

/**
 * The least that training takes beside the open graph, in bytes: a copy of the edges without those held out,
 * input rows, neighbourhoods (one set a fold and traversal, and one of all boards) and, while vectors are computed, three
 * hidden rows and one vector a pin. The tensor library's blocks and the text's sparse counts come on top.
 */
export function trainingBytes(
  graph: Graph,
  { features, hidden, dimension, neighbours, folds, traversals }: PinSageSpec,
): number {
  const pins = graph.pins.size;
  const edges = 4 * (pins + graph.boards.size + 2 * edgeCount(graph));
  const vectors = graph.features.reduce((sum, column) => sum + column.dimension, 0);
  const rows = 4 * pins * (features.width + vectors + 3 * hidden + dimension);
  const walked = 8 * pins * neighbours * (folds > 1 || traversals > 0 ? folds * Math.max(traversals, 1) + 1 : 1);
  return edges + rows + walked;
}
