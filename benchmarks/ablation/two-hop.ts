import { neighboursOf, type Topology } from '../../src/graph/graph.js';
import { random, shuffle } from '../../src/random.js';

/** How many pins share a board with a pin, over pins that have any board. */
export interface TwoHopSizes {
  readonly quarter: number;
  readonly median: number;
  readonly three_quarters: number;
  /** Share of the pins that share a board with no more than T others: of these, all neighbours are kept. */
  readonly within: Readonly<Record<string, number>>;
}

const pinsCounted = 2_000;
const ts = [10, 20, 50];

/** Counted for a random sample of pins. */
export function twoHopSizes({ pins, boards }: Topology, seed: number): TwoHopSizes {
  const all = Uint32Array.from({ length: pins.offsets.length - 1 }, (_, pin) => pin);
  const connected = all.filter((pin) => pins.offsets[pin + 1] > pins.offsets[pin]);
  const sizes = Array.from(shuffle(connected, random(seed)).subarray(0, pinsCounted), (pin) => {
    const met = new Set<number>();
    for (const board of neighboursOf(pins, pin)) for (const other of neighboursOf(boards, board)) met.add(other);
    return met.size - 1;
  }).sort((a, b) => a - b);
  const at = (share: number): number => sizes[Math.floor(share * (sizes.length - 1))];
  return {
    quarter: at(0.25),
    median: at(0.5),
    three_quarters: at(0.75),
    within: Object.fromEntries(ts.map((t) => [t, sizes.filter((size) => size <= t).length / sizes.length])),
  };
}
