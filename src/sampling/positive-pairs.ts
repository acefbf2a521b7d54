import { degree, neighboursOf, type Topology } from '../graph/graph.js';
import { type Random, random, streamOf } from '../random.js';
import { sharedUint32 } from './shared-arrays.js';

/** Training pairs in dense indices, in shared memory. */
export interface PositivePairs {
  readonly queries: Uint32Array;
  readonly positives: Uint32Array;
  /** The pins that stand for each pair's query; where absent, its query pin does. */
  readonly companions?: Companions;
}

/** Pins of each pair's board without its positive: those of pair i are `pins` from offsets[i] to offsets[i + 1]. */
export interface Companions {
  readonly offsets: Int32Array;
  readonly pins: Uint32Array;
}

/** The pairs from `from` to `to` - 1, as copies. */
export function someOfPairs(
  { queries, positives, companions }: PositivePairs,
  from: number,
  to: number,
): PositivePairs {
  return {
    queries: queries.slice(from, to),
    positives: positives.slice(from, to),
    ...(companions && { companions: someOfCompanions(companions, from, to) }),
  };
}

function someOfCompanions({ offsets, pins }: Companions, from: number, to: number): Companions {
  const own = offsets.subarray(from, to + 1);
  return { offsets: own.map((offset) => offset - own[0]), pins: pins.slice(own[0], own[own.length - 1]) };
}

export interface PositivePairOptions {
  /** The most pairs that one board gives in an epoch. A board of n pins never gives more than n - 1. */
  perBoard: number;
  /** Factors on the boards' shares, [boards]; a fraction of a pair is drawn by chance. */
  boardWeights?: Float32Array;
  /** From 1; each epoch draws its own pairs. */
  epoch: number;
  seed: number;
}

export const positivePairDefaults: PositivePairOptions = { perBoard: 20, epoch: 1, seed: 1 };

const pairStreams = 0x5061;

/**
 * Pairs of pins of one board, in a new random order each epoch. A board's pins are put in a random order
 * and each is paired with the next, so that every pin of a small board takes part and all ordered pairs of
 * a board are equally likely.
 */
export function positivePairs({ boards }: Topology, options: Partial<PositivePairOptions> = {}): PositivePairs {
  const { perBoard, boardWeights, epoch, seed } = { ...positivePairDefaults, ...options };
  const queries: number[] = [];
  const positives: number[] = [];
  for (let board = 0; board + 1 < boards.offsets.length; board++) {
    const size = degree(boards, board);
    if (size < 2) continue;
    const source = random(pairStreams, seed, epoch, board);
    const share = Math.min(perBoard, size - 1) * (boardWeights?.[board] ?? 1);
    const pairs = Math.min(Math.floor(share + source.float()), size - 1);
    if (pairs < 1) continue;
    const order = randomStart(neighboursOf(boards, board).slice(), pairs + 1, source);
    for (let i = 0; i < pairs; i++) {
      queries.push(order[i]);
      positives.push(order[i + 1]);
    }
  }
  return inRandomOrder(queries, positives, random(streamOf(pairStreams, seed, epoch)));
}

/** Fisher and Yates, only as far as the first `count` values are needed. */
function randomStart(values: Uint32Array, count: number, source: Random): Uint32Array {
  for (let i = 0; i < count; i++) {
    const j = i + source.below(values.length - i);
    const held = values[i];
    values[i] = values[j];
    values[j] = held;
  }
  return values;
}

function inRandomOrder(queries: number[], positives: number[], source: Random): PositivePairs {
  const result = { queries: sharedUint32(queries.length), positives: sharedUint32(queries.length) };
  // Inside-out Fisher and Yates over both columns at once.
  for (let i = 0; i < queries.length; i++) {
    const j = source.below(i + 1);
    result.queries[i] = result.queries[j];
    result.positives[i] = result.positives[j];
    result.queries[j] = queries[i];
    result.positives[j] = positives[i];
  }
  return result;
}
