import { edgeCount, type Graph } from '../graph/graph.js';
import type { PinSageSpec } from '../model/spec.js';

/**
 * The least that training takes beside the open graph, in bytes: a copy of the edges without those held out,
 * input rows, neighbourhoods (one set a fold and traversal, and one of all boards) and, while vectors are computed,
 * what their steps write for each pin: three hidden rows, or a transformer's two keys and values and a query, and one
 * vector. A transformer has as much of boards: inputs, a key and a value. A step holds its negatives' vectors and their
 * gradients, and of its pairs with them the shifts, the scores and the scores' gradients. The tensor library's blocks
 * and the text's sparse counts come on top.
 */
export function trainingBytes(graph: Graph, spec: PinSageSpec): number {
  const { features, hidden, dimension, neighbours, boardNeighbours, folds, traversals } = spec;
  const attends = spec.aggregator === 'transformer';
  const pins = graph.pins.size;
  const boards = graph.boards.size;
  const edges = 4 * (pins + boards + 2 * edgeCount(graph));
  const inputs = features.width + graph.features.reduce((sum, column) => sum + column.dimension, 0);
  const rows =
    4 * pins * (inputs + (attends ? 5 : 3) * hidden + dimension) + (attends ? 4 * boards * (inputs + 2 * hidden) : 0);
  const kept = (1 + graph.relations.length) * neighbours + (attends ? boardNeighbours : 0);
  const walked = 8 * pins * kept * (folds > 1 || traversals > 0 ? folds * Math.max(traversals, 1) + 1 : 1);
  return edges + rows + walked + stepBytes(graph, spec);
}

function stepBytes(
  graph: Graph,
  { batchSize, pairsPerEpoch, negatives, inBatchNegatives, hardNegatives, dimension }: PinSageSpec,
): number {
  const pairs = Math.min(batchSize, pairsPerEpoch, edgeCount(graph));
  const shared = negatives + (inBatchNegatives ? pairs : 0);
  return 4 * (2 * dimension * (shared + hardNegatives * pairs) + 3 * pairs * (shared + hardNegatives));
}
