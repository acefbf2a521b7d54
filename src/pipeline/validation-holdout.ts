import type { EdgeList } from '../graph/adjacency.js';
import { degree, type Graph, pinsWithoutBoards } from '../graph/graph.js';
import { withoutEdges } from '../graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../graph/split.js';
import { isContentFree } from '../model/features.js';
import { random, shuffle } from '../random.js';
import type { TrainSpec } from './train-spec.js';

/** A graph with some edges hidden from everything that is fitted, those edges, and the boards to judge by. */
export interface Holdout {
  readonly graph: Graph;
  readonly hidden: EdgeList;
  /** The boards that lost pins of their own; other boards lost cold pins alone. */
  readonly boards: Uint32Array;
}

/** Boards that lose pins even where that is more than the share below: fewer teach the ranker nothing. */
const leastBoards = 1_000;
/** Share of the boards large enough that lose pins. */
const boardShare = 0.35;
const sampleStream = 0x7661;
/** Bounds of the share of pins made cold: fewer teach nothing, more leave too few edges. */
const [leastCold, mostCold] = [0.02, 0.1];

/**
 * The catalogue's own share of pins without boards: what the ranker must expect of them is learnt where they are
 * as common as in use. None where ids are all that is known of pins, for then nothing tells one cold pin from another.
 */
function coldShare(graph: Graph): number {
  if (isContentFree(graph)) return 0;
  const { topology, pins } = graph;
  return Math.min(mostCold, Math.max(leastCold, pinsWithoutBoards(topology.pins).length / Math.max(1, pins.size)));
}

/**
 * Hides pins of a sample of the boards, and every edge of a few pins. Were every board to lose pins, the
 * sources would score a sparser graph than the one they serve, and the ranker would learn weights for that.
 */
export function validationHoldout(graph: Graph, { validation }: Pick<TrainSpec, 'validation'>, seed: number): Holdout {
  const { boards: mostBoards, coldPinFraction, ...drawn } = validation;
  const fromBoards = holdOutEdges(graph, { ...drawn, coldPinFraction: 0, seed });
  const hidden = holdOutEdges(graph, {
    ...drawn,
    edgeFraction: 0,
    coldPinFraction: coldPinFraction === 'auto' ? coldShare(graph) : coldPinFraction,
    seed,
  });
  const { offsets } = graph.topology.boards;
  const large = Uint32Array.from({ length: graph.boards.size }, (_, board) => board).filter(
    (board) => degree(graph.topology.boards, board) >= Math.max(2, validation.minimumPins),
  );
  const count = Math.min(mostBoards, Math.max(leastBoards, Math.round(boardShare * large.length)));
  const boards = shuffle(large, random(sampleStream, seed)).slice(0, count);
  for (const board of boards)
    for (let edge = offsets[board]; edge < offsets[board + 1]; edge++) hidden[edge] |= fromBoards[edge];
  return { graph: withoutEdges(graph, hidden), hidden: heldOutPairs(graph, hidden), boards };
}
