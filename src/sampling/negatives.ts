import { degree, type Adjacency } from '../graph/graph.js';
import type { Random } from '../random.js';
import { sharedFloat64 } from './shared-arrays.js';

/**
 * How negatives are drawn from the catalogue: every pin alike, or a pin in proportion to its degree^0.75,
 * as word2vec does, which never draws a pin without boards.
 */
export type NegativeDistribution = 'uniform' | 'degree';

const degreeExponent = 0.75;

/** [pins] running sums of the pins' chances, in shared memory. */
export type CumulativeChances = Float64Array;

export function cumulativeChances(pins: Adjacency, distribution: NegativeDistribution): CumulativeChances {
  const chances = sharedFloat64(pins.offsets.length - 1);
  let sum = 0;
  for (let pin = 0; pin < chances.length; pin++) {
    sum += distribution === 'uniform' ? 1 : degree(pins, pin) ** degreeExponent;
    chances[pin] = sum;
  }
  return chances;
}

/** One pin by its chance: a binary search for the first running sum above a uniform draw. */
export function drawPin(chances: CumulativeChances, source: Random): number {
  const drawn = source.float() * chances[chances.length - 1];
  let low = 0;
  let high = chances.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (chances[middle] > drawn) high = middle;
    else low = middle + 1;
  }
  return low;
}
