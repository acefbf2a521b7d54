import type { EdgeList } from '../graph/adjacency.js';
import { degree, type Graph } from '../graph/graph.js';
import { withoutEdges } from '../graph/memory-graph.js';
import { heldOutPairs, hiddenOf, holdOutEdges } from '../graph/split.js';
import { random, shuffle } from '../random.js';
import { coldShare, mostCold } from './cold-share.js';
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

const isLarge = (pins: number, { minimumPins }: TrainSpec['validation']): boolean => pins >= Math.max(2, minimumPins);

/** The share of its pins that the mean board large enough may lose. */
function meanHidden({ topology, boards }: Graph, validation: TrainSpec['validation']): number {
  let [sum, large] = [0, 0];
  for (let board = 0; board < boards.size; board++) {
    const pins = degree(topology.boards, board);
    if (!isLarge(pins, validation)) continue;
    sum += hiddenOf(pins, validation.edgeFraction) / pins;
    large++;
  }
  return sum / Math.max(1, large);
}

/**
 * The share of pins to make cold. Small boards lose more of their warm pins than `edgeFraction`, for they lose one at
 * least; cold ones keep their part of what the mean board hides, for the ranker learns from boards, not from edges.
 */
function coldFraction(graph: Graph, validation: TrainSpec['validation']): number {
  const { coldPinFraction, edgeFraction } = validation;
  if (coldPinFraction !== 'auto') return coldPinFraction;
  const share = coldShare(graph, edgeFraction);
  return edgeFraction === 0 ? share : Math.min(mostCold, (share * meanHidden(graph, validation)) / edgeFraction);
}

/**
 * Hides pins of a sample of the boards, and every edge of a few pins. Were every board to lose pins, the
 * sources would score a sparser graph than the one they serve, and the ranker would learn weights for that.
 */
export function validationHoldout(graph: Graph, { validation }: Pick<TrainSpec, 'validation'>, seed: number): Holdout {
  const { boards: mostBoards, ...drawn } = validation;
  const fromBoards = holdOutEdges(graph, { ...drawn, coldPinFraction: 0, seed });
  const hidden = holdOutEdges(graph, {
    ...drawn,
    edgeFraction: 0,
    coldPinFraction: coldFraction(graph, validation),
    seed,
  });
  const { offsets } = graph.topology.boards;
  const large = Uint32Array.from({ length: graph.boards.size }, (_, board) => board).filter((board) =>
    isLarge(degree(graph.topology.boards, board), validation),
  );
  const count = Math.min(mostBoards, Math.max(leastBoards, Math.round(boardShare * large.length)));
  const boards = shuffle(large, random(sampleStream, seed)).slice(0, count);
  for (const board of boards)
    for (let edge = offsets[board]; edge < offsets[board + 1]; edge++) hidden[edge] |= fromBoards[edge];
  return { graph: withoutEdges(graph, hidden), hidden: heldOutPairs(graph, hidden), boards };
}
