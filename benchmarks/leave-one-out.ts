import { degree, type Graph, neighboursOf } from '../src/graph/graph.js';
import { withoutEdges } from '../src/graph/memory-graph.js';
import { random } from '../src/random.js';

/** A graph that lacks one pin of each board, with what is asked of each such board. */
export interface LeaveOneOut {
  readonly graph: Graph;
  readonly cases: readonly { readonly board: number; readonly pin: number; readonly negatives: Uint32Array }[];
}

const negativesOfCase = 99;

/** The protocol of NCF (He et al., WWW 2017): the hidden pin among 99 drawn from those that are not on the board. */
export function leaveOneOut(whole: Graph, seed: number): LeaveOneOut {
  const { boards, pins } = whole.topology;
  const hidden = new Uint8Array(boards.neighbours.length);
  const cases: { board: number; pin: number; negatives: Uint32Array }[] = [];
  for (let board = 0; board < whole.boards.size; board++) {
    if (degree(boards, board) < 2) continue;
    const source = random(seed, board);
    const held = neighboursOf(boards, board);
    const at = source.below(held.length);
    // A pin that were on no board any more could not be found by anybody.
    if (degree(pins, held[at]) < 2) continue;
    hidden[boards.offsets[board] + at] = 1;
    const drawn = new Set<number>();
    while (drawn.size < negativesOfCase) {
      const pin = source.below(whole.pins.size);
      if (!held.includes(pin)) drawn.add(pin);
    }
    cases.push({ board, pin: held[at], negatives: Uint32Array.from(drawn) });
  }
  return { graph: withoutEdges(whole, hidden), cases };
}

/** Share of the hidden pins among the best ten, of the hundred drawn and of the whole catalogue. */
export interface HitRates {
  readonly sampled: number;
  readonly full: number;
}

const rank = 10;
/** Cases whose whole catalogue is ranked. */
const fullCases = 2_000;

/**
 * Scores are the inner products with the mean of a board's pins, of the vectors as they are or made as long as each
 * other: whichever finds more, for either measure.
 */
export function hitRates({ graph, cases }: LeaveOneOut, vectors: Float32Array, dimension: number): HitRates {
  const each = [vectors, unitRows(vectors, dimension)].map((rows) => ({
    sampled: sampledRate(graph, cases, rows, dimension),
    full: fullRate(
      graph,
      cases.filter((_, i) => i % Math.ceil(cases.length / fullCases) === 0),
      rows,
      dimension,
    ),
  }));
  return {
    sampled: Math.max(...each.map(({ sampled }) => sampled)),
    full: Math.max(...each.map(({ full }) => full)),
  };
}

function sampledRate(graph: Graph, cases: LeaveOneOut['cases'], vectors: Float32Array, dimension: number): number {
  let hits = 0;
  for (const { board, pin, negatives } of cases) {
    const score = scorer(meanOf(neighboursOf(graph.topology.boards, board), vectors, dimension), vectors);
    const own = score(pin);
    let better = 0;
    for (const other of negatives) if (score(other) >= own) better++;
    if (better < rank) hits++;
  }
  return hits / cases.length;
}

function fullRate(graph: Graph, cases: LeaveOneOut['cases'], vectors: Float32Array, dimension: number): number {
  let hits = 0;
  for (const { board, pin } of cases) {
    const known = neighboursOf(graph.topology.boards, board);
    const score = scorer(meanOf(known, vectors, dimension), vectors);
    const own = score(pin);
    let better = 0;
    for (let other = 0; other < graph.pins.size && better < rank; other++)
      if (other !== pin && score(other) >= own && !known.includes(other)) better++;
    if (better < rank) hits++;
  }
  return hits / cases.length;
}

function meanOf(pins: Uint32Array, vectors: Float32Array, dimension: number): Float32Array {
  const mean = new Float32Array(dimension);
  for (const pin of pins) for (let i = 0; i < dimension; i++) mean[i] += vectors[pin * dimension + i] / pins.length;
  return mean;
}

function scorer(query: Float32Array, vectors: Float32Array): (pin: number) => number {
  return (pin) => {
    let sum = 0;
    for (let i = 0, at = pin * query.length; i < query.length; i++, at++) sum += query[i] * vectors[at];
    return sum;
  };
}

function unitRows(vectors: Float32Array, dimension: number): Float32Array {
  const unit = vectors.slice();
  for (let from = 0; from < unit.length; from += dimension) {
    const row = unit.subarray(from, from + dimension);
    const length = Math.hypot(...row) || 1;
    for (let i = 0; i < dimension; i++) row[i] /= length;
  }
  return unit;
}
