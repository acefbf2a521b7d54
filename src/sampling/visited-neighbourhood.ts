import { type Graph, neighboursOf } from '../graph/graph.js';
import { graphNow } from '../graph/graph-view.js';
import { type Centre, linkingBoards, type NeighbourhoodGraph, subgraphOf } from '../graph/neighbourhood-graph.js';
import { withDefaults } from '../with-defaults.js';
import { type PixieOptions, pixieDefaults, type WalkKernel } from './kernel.js';

export interface VisitedNeighbourhoodOptions extends PixieOptions {
  /** At most this many nodes beside the centre, two of three pins. */
  nodes: number;
}

export const visitedNeighbourhoodDefaults: VisitedNeighbourhoodOptions = {
  ...pixieDefaults,
  steps: 20_000,
  nodes: 100,
};

/**
 * The pins that random walks from a pin, or from a board's pins, visit most, and the boards that link them,
 * as a graphology graph. Where breadth shows what is near, this shows what is related.
 */
export function visitedNeighbourhood(
  graph: Graph,
  kernel: WalkKernel,
  centre: Centre,
  options: Partial<VisitedNeighbourhoodOptions> = {},
): NeighbourhoodGraph {
  const { nodes, ...walk } = withDefaults(visitedNeighbourhoodDefaults, options);
  const query = 'pin' in centre ? Uint32Array.of(centre.pin) : neighboursOf(graph.topology.boards, centre.board);
  const third = Math.floor(nodes / 3);
  const own = 'pin' in centre ? [] : [...query.subarray(0, third)];
  const weights = new Float32Array(query.length).fill(1);
  const { pins } = kernel.pixie(query.slice(), weights, 2 * third - own.length, walk);
  const all = [...('pin' in centre ? [centre.pin] : own), ...pins];
  const isShared = (_: number, held: number): boolean => held > 1;
  return subgraphOf(graph, centre, { pins: all, boards: linkingBoards(graphNow(graph), all, third, isShared) });
}
