import { degree, neighboursOf, type Topology } from '../graph/graph.js';
import { random, shuffle } from '../random.js';
import type { MiniBatch } from '../sampling/minibatch.js';
import type { PositivePairs } from '../sampling/positive-pairs.js';

export interface BoardPairOptions {
  /** Pins that a board gives an epoch at most. */
  pinsPerBoard: number;
  /** Pairs an epoch at most. */
  limit: number;
  /** Pins that stand for a board beside a positive at most; 0 leaves the query pin to stand alone. */
  queryPins?: number;
  epoch: number;
  seed: number;
  /** Which boards may give pairs; all by default. */
  accepts?: (board: number) => boolean;
}

/** An epoch's pairs, those of one board side by side. */
export interface BoardPairs extends PositivePairs {
  /** The board of each pair. */
  readonly boards: Uint32Array;
}

/** The boards of a batch's pairs: a batch is a slice of its epoch. */
export function boardsOf(
  pairs: BoardPairs,
  batch: Pick<MiniBatch, 'index' | 'queries'>,
  batchSize: number,
): Uint32Array {
  const from = batch.index * batchSize;
  return pairs.boards.subarray(from, from + batch.queries.length);
}

const pairStream = 0x6270;

/**
 * Boards in a new random order each epoch, and of each up to `pinsPerBoard` of its pins in a random order,
 * every pin the positive of the pin before it, the first of the last. Its companions are the others among
 * the first of that order.
 */
export function boardPairs(
  { boards }: Topology,
  { pinsPerBoard, limit, queryPins = 0, epoch, seed, accepts = () => true }: BoardPairOptions,
): BoardPairs {
  const eligible = Uint32Array.from({ length: boards.offsets.length - 1 }, (_, board) => board).filter(
    (board) => degree(boards, board) > 1 && accepts(board),
  );
  shuffle(eligible, random(pairStream, seed, epoch));
  const total = eligible.reduce((sum, board) => sum + Math.min(degree(boards, board), pinsPerBoard), 0);
  const size = Math.min(total, limit);
  const pairs = { queries: new Uint32Array(size), positives: new Uint32Array(size), boards: new Uint32Array(size) };
  const offsets = new Int32Array(size + 1);
  const companions: number[] = [];
  let next = 0;
  for (const board of eligible) {
    if (next === size) break;
    const order = shuffle(neighboursOf(boards, board).slice(), random(pairStream, seed, epoch, board));
    const held = order.subarray(0, pinsPerBoard);
    for (let i = 0; i < held.length && next < size; i++) {
      pairs.queries[next] = held[(i + held.length - 1) % held.length];
      pairs.positives[next] = held[i];
      pairs.boards[next++] = board;
      const others = Math.min(queryPins, order.length - 1);
      for (let j = 0; companions.length < offsets[next - 1] + others; j++) if (j !== i) companions.push(order[j]);
      offsets[next] = companions.length;
    }
  }
  return queryPins > 0 ? { ...pairs, companions: { offsets, pins: Uint32Array.from(companions) } } : pairs;
}

/** For each pin, how many of an epoch's pairs it is the positive of, on average. */
export function positivesExpected({ pins, boards }: Topology, pinsPerBoard: number): Float64Array {
  const expected = new Float64Array(pins.offsets.length - 1);
  for (let pin = 0; pin < expected.length; pin++)
    for (const board of neighboursOf(pins, pin)) {
      const size = degree(boards, board);
      if (size > 1) expected[pin] += Math.min(size, pinsPerBoard) / size;
    }
  return expected;
}
