import { foreseeMemory } from '../data/available-memory.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { degreesOf, type Topology } from '../graph/graph.js';
import { unitRows } from '../linear/unit-rows.js';
import { lengthOf } from '../linear/vector-length.js';
import { type Progress, silentProgress } from '../progress.js';
import { sharedFloat32 } from '../sampling/shared-arrays.js';
import { withDefaults } from '../with-defaults.js';
import type { IalsFactors } from './ials-factors.js';
import { type NearPins, nearestPins } from './near-pins.js';

/** Unit vectors of pins, with the pins with boards that are nearest to each. */
export interface MappedFactors extends PlainVectors, NearPins {}

export interface MappedOptions {
  /** Pins with boards, the nearest, whose factors a pin is given. */
  neighbours: number;
  /** What they weigh together beside a pin's own factors, in boards: a pin of as many boards is half its own. */
  weightInBoards: number;
  /** Leading factors of iALS that are mapped. */
  factors: number;
}

export const mappedDefaults: MappedOptions = { neighbours: 50, weightInBoards: 1, factors: 256 };

/**
 * Factors of pins by what is like them: the directions that iALS has learnt for the pins whose vectors of `likeness` are
 * nearest are averaged, by the square of their cosine, and blended with a pin's own, the less the more boards hold it. A
 * pin without boards has those of its neighbours alone, which is the kNN mapping of Gantner et al. (ICDM 2010, section
 * III); that pins of few boards lean on it too is ours. Unit rows [pins, factors], zero for a pin that has neither boards
 * nor a vector.
 */
export function mapFactors(
  topology: Topology,
  ials: IalsFactors,
  likeness: PlainVectors,
  options: Partial<MappedOptions> = {},
  progress: Progress = silentProgress,
): MappedFactors {
  const { neighbours, weightInBoards, factors } = withDefaults(mappedDefaults, options);
  const degrees = degreesOf(topology.pins);
  const dimension = Math.min(factors, ials.dimension);
  foreseeMemory({
    what: 'Mapping factors',
    // Unit vectors, the search's own copy of them; the nearest as they are found, and as they are kept; factors, and those mapped.
    bytes: 4 * degrees.length * (2 * likeness.dimension + 4 * neighbours + 2 * dimension),
    mend: 'Leave the source "mapped" out of the sources in --config.',
  });
  const near = nearestPins(degrees, likeness, neighbours, progress);
  const own = unitRows(ials.values, dimension, ials.dimension);
  const vectors = sharedFloat32(degrees.length * dimension);
  const sum = new Float32Array(dimension);
  degrees.forEach((degree, pin) => {
    sum.fill(0);
    for (let e = near.offsets[pin]; e < near.offsets[pin + 1]; e++) {
      const start = near.neighbours[e] * dimension;
      for (let f = 0; f < dimension; f++) sum[f] += near.weights[e] * own[start + f];
    }
    const given = weightInBoards / (lengthOf(sum, 0, dimension) || 1);
    const at = pin * dimension;
    for (let f = 0; f < dimension; f++) vectors[at + f] = degree * own[at + f] + given * sum[f];
    const length = lengthOf(vectors, at, dimension) || 1;
    for (let f = 0; f < dimension; f++) vectors[at + f] /= length;
  });
  return { dimension, vectors, ...near };
}
