import type { EdgeList } from '../../graph/adjacency.js';
import { degree, type Graph } from '../../graph/graph.js';
import { withoutEdges } from '../../graph/memory-graph.js';
import { leastBoards, minimumPinsOf } from '../../graph/minimum-pins.js';
import { heldOutPairs, hiddenOf, holdOutEdges } from '../../graph/split.js';
import { random, shuffle } from '../../random.js';
import type { TrainSpec } from '../spec/train-spec.js';
import { coldShare, mostCold } from './cold-share.js';

/** A graph with some edges hidden from everything that is fitted, those edges, and the boards to judge by. */
export interface Holdout {
  readonly graph: Graph;
  readonly hidden: EdgeList;
  /** The boards that lost pins of their own; other boards lost cold pins alone. */
  readonly boards: Uint32Array;
}

/** Share of the boards large enough that lose pins. */
const boardShare = 0.35;
const sampleStream = 0x7661;

/** The share of its pins that the mean of some boards may lose. */
function meanHidden({ topology }: Graph, boards: Uint32Array, edgeFraction: number): number {
  const shares = Float64Array.from(boards, (board) => {
    const pins = degree(topology.boards, board);
    return hiddenOf(pins, edgeFraction) / pins;
  });
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/**
 * The share of pins to make cold. Where many boards are short they lose more of their warm pins than `edgeFraction`, for
 * they lose one at least; cold ones keep their part of what the mean board hides, for the ranker learns from boards, not
 * from edges.
 */
function coldFraction(graph: Graph, boards: Uint32Array, validation: TrainSpec['validation']): number {
  const { coldPinFraction, edgeFraction } = validation;
  if (coldPinFraction !== 'auto') return coldPinFraction;
  const more = edgeFraction === 0 ? 1 : Math.max(1, meanHidden(graph, boards, edgeFraction) / edgeFraction);
  return Math.min(mostCold, more * coldShare(graph, edgeFraction));
}

/**
 * Hides pins of a sample of the boards, and every edge of a few pins. Were every board to lose pins, the
 * sources would score a sparser graph than the one they serve, and the ranker would learn weights for that.
 */
export function validationHoldout(graph: Graph, { validation }: Pick<TrainSpec, 'validation'>, seed: number): Holdout {
  const { boards: mostBoards, edgeFraction } = validation;
  const minimumPins = validation.minimumPins === 'auto' ? minimumPinsOf(graph) : validation.minimumPins;
  const large = Uint32Array.from({ length: graph.boards.size }, (_, board) => board).filter(
    (board) => degree(graph.topology.boards, board) >= minimumPins,
  );
  const drawn = { minimumPins, use: 'validation', seed } as const;
  const fromBoards = holdOutEdges(graph, { ...drawn, edgeFraction, coldPinFraction: 0 });
  const hidden = holdOutEdges(graph, {
    ...drawn,
    edgeFraction: 0,
    coldPinFraction: coldFraction(graph, large, validation),
  });
  const { offsets } = graph.topology.boards;
  const count = Math.min(mostBoards, Math.max(leastBoards, Math.round(boardShare * large.length)));
  const boards = shuffle(large, random(sampleStream, seed)).slice(0, count);
  for (const board of boards)
    for (let edge = offsets[board]; edge < offsets[board + 1]; edge++) hidden[edge] |= fromBoards[edge];
  return { graph: withoutEdges(graph, hidden), hidden: heldOutPairs(graph, hidden), boards };
}
