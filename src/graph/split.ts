import { BoardwalkError } from '../errors.js';
import { random, shuffle } from '../random.js';
import { withDefaults } from '../with-defaults.js';
import { type EdgeList, rowOfEachEdge } from './adjacency.js';
import { holds } from './ascending.js';
import { type Graph, neighboursOf } from './graph.js';

export interface HoldOutOptions {
  /** Share of each eligible board's pins that is hidden; at least one pin stays visible. */
  edgeFraction: number;
  /** Boards with fewer pins than this keep all of them. */
  minimumPins: number;
  /** Share of the pins that have an edge whose every edge is hidden: pins that training has never seen. */
  coldPinFraction: number;
  /** What the edges are hidden for: draws for one have nothing in common with those for the other, even under one seed. */
  use: 'test' | 'validation';
  seed: number;
}

export const holdOutDefaults: HoldOutOptions = {
  edgeFraction: 0.2,
  minimumPins: 5,
  coldPinFraction: 0,
  use: 'test',
  seed: 1,
};

/**
 * Random streams of both uses. Were a board's draw the same for both, validation pins would be those that stand beside
 * the test's in the graph's order, and alike where that order means something.
 */
const streams = { test: [0x7465], validation: [] } as const;
/** Names the two streams of a use, so that the cold pins do not move when the edge fraction does. */
const coldStream = 1;
const edgeStream = 2;

function checkFraction(name: 'edgeFraction' | 'coldPinFraction', value: number): void {
  if (!(value >= 0 && value < 1))
    throw new BoardwalkError('bad_option', `${name} is ${value}; give a share from 0 up to, but not, 1.`, {
      field: name,
    });
}

/** One flag a pin: 1 for a `fraction` of the pins that have any edge. */
function drawColdPins(graph: Graph, fraction: number, use: HoldOutOptions['use'], seed: number): Uint8Array {
  const { offsets } = graph.topology.pins;
  const cold = new Uint8Array(graph.pins.size);
  if (fraction === 0) return cold;
  const connected = Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin).filter(
    (pin) => offsets[pin + 1] > offsets[pin],
  );
  shuffle(connected, random(...streams[use], seed, coldStream));
  for (const pin of connected.subarray(0, Math.round(fraction * connected.length))) cold[pin] = 1;
  return cold;
}

/** How many of a board's pins are hidden: one at least, and never all. */
export function hiddenOf(pins: number, edgeFraction: number): number {
  return Math.min(Math.max(1, Math.round(edgeFraction * pins)), pins - 1);
}

/**
 * Draws a split: 1 where an edge, in the order of `boards.neighbours`, is hidden. What is drawn for a
 * board depends on the seed and on that board alone. Give the mask to `withoutEdges` before training.
 */
export function holdOutEdges(graph: Graph, options: Partial<HoldOutOptions> = {}): Uint8Array {
  const { edgeFraction, minimumPins, coldPinFraction, use, seed } = withDefaults(holdOutDefaults, options);
  checkFraction('edgeFraction', edgeFraction);
  checkFraction('coldPinFraction', coldPinFraction);
  const { offsets, neighbours } = graph.topology.boards;
  const hidden = new Uint8Array(neighbours.length);
  const cold = drawColdPins(graph, coldPinFraction, use, seed);
  for (let edge = 0; edge < hidden.length; edge++) hidden[edge] = cold[neighbours[edge]];
  if (edgeFraction === 0) return hidden;

  for (let board = 0; board < graph.boards.size; board++) {
    const from = offsets[board];
    const pins = offsets[board + 1] - from;
    if (pins < Math.max(minimumPins, 2)) continue;
    const warm: number[] = [];
    for (let edge = from; edge < from + pins; edge++) if (!hidden[edge]) warm.push(edge);
    const count = Math.min(hiddenOf(pins, edgeFraction), warm.length - 1);
    shuffle(warm, random(...streams[use], seed, edgeStream, board));
    for (let i = 0; i < count; i++) hidden[warm[i]] = 1;
  }
  return hidden;
}

/** The hidden edges as pairs of dense indices, board by board: the test set that goes with the mask. */
export function heldOutPairs(graph: Graph, hidden: Uint8Array): EdgeList {
  const { boards } = graph.topology;
  const rows = rowOfEachEdge(boards);
  const taken = (_: number, edge: number): boolean => hidden[edge] === 1;
  return { boards: rows.filter(taken), pins: boards.neighbours.filter(taken) };
}

/** Throws `leak` where a test pair is an edge of the graph that a model may learn from. */
export function assertNoLeak(graph: Graph, pairs: EdgeList): void {
  let leaks = 0;
  let first = -1;
  for (let i = 0; i < pairs.boards.length; i++) {
    if (!holds(neighboursOf(graph.topology.boards, pairs.boards[i]), pairs.pins[i])) continue;
    if (leaks++ === 0) first = i;
  }
  if (leaks === 0) return;
  const board = graph.boards.id(pairs.boards[first]);
  const pin = graph.pins.id(pairs.pins[first]);
  throw new BoardwalkError(
    'leak',
    `${leaks} of ${pairs.boards.length} test pairs are edges of the training graph, the first being board ` +
      `"${board}" with pin "${pin}". Make the test with \`boardwalk split\`, which gives the graph without it, and train on that graph.`,
  );
}
