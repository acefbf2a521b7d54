import { nearestOfMany } from '../ann/nearest-of-many.js';
import { foreseeMemory } from '../data/available-memory.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { degreesOf, type Topology } from '../graph/graph.js';
import { lengthOf } from '../linear/vector-length.js';
import { type Progress, silentProgress } from '../progress.js';
import { sharedFloat32 } from '../sampling/shared-arrays.js';
import { withDefaults } from '../with-defaults.js';
import type { IalsFactors } from './ials-factors.js';

export interface MappedOptions {
  /** Pins with boards, the nearest by words, whose factors a pin is given. */
  neighbours: number;
  /** What they weigh together beside a pin's own factors, in boards: a pin of as many boards is half its own. */
  boards: number;
  /** Leading factors of iALS that are mapped. */
  factors: number;
}

export const mappedDefaults: MappedOptions = { neighbours: 30, boards: 1, factors: 256 };

/**
 * Factors of pins by their words: the directions that iALS has learnt for the pins with the nearest vectors of words are
 * averaged, by the square of their cosine, and blended with a pin's own, the less the more boards hold it. A pin
 * without boards has those of its neighbours alone, which is the kNN mapping of Gantner et al. (ICDM 2010, section
 * III); that pins of few boards lean on it too is ours. Unit rows [pins, factors], zero for a pin that has neither
 * boards nor words.
 */
export function mapFactors(
  topology: Topology,
  ials: IalsFactors,
  words: PlainVectors,
  options: Partial<MappedOptions> = {},
  progress: Progress = silentProgress,
): PlainVectors {
  const { neighbours, boards, factors } = withDefaults(mappedDefaults, options);
  const degrees = degreesOf(topology.pins);
  const known = Uint32Array.from([...degrees.keys()].filter((pin) => degrees[pin] > 0));
  const dimension = Math.min(factors, ials.dimension);
  foreseeMemory({
    what: 'Mapping factors by words',
    // Two of each pin's vectors and, of words, those that are searched, with the product's own copy of them.
    bytes: 4 * degrees.length * (2 * dimension + 3 * words.dimension),
    mend: 'Leave the source "mapped" out of the sources in --config.',
  });
  const own = unitRows(degrees.length, dimension, ials.values, ials.dimension);
  const points = unitRows(degrees.length, words.dimension, words.vectors);
  const vectors = sharedFloat32(degrees.length * dimension);
  const stage = progress.stage('mapping factors by words', degrees.length);
  const sum = new Float32Array(dimension);
  let pin = 0;
  // One more, for a pin of boards is nearest to itself.
  for (const nearest of nearestOfMany(rowsOf(points, words.dimension, known), points, neighbours + 1)) {
    sum.fill(0);
    let taken = 0;
    for (let i = 0; i < nearest.rows.length && taken < neighbours; i++) {
      const other = known[nearest.rows[i]];
      const cosine = nearest.similarities[i];
      if (other === pin) continue;
      if (cosine <= 0) break;
      taken++;
      for (let f = 0; f < dimension; f++) sum[f] += cosine * cosine * own[other * dimension + f];
    }
    const given = boards / (lengthOf(sum, 0, dimension) || 1);
    const at = pin * dimension;
    for (let f = 0; f < dimension; f++) vectors[at + f] = degrees[pin] * own[at + f] + given * sum[f];
    const length = lengthOf(vectors, at, dimension) || 1;
    for (let f = 0; f < dimension; f++) vectors[at + f] /= length;
    stage.update(++pin);
  }
  stage.finish();
  return { dimension, vectors };
}

/** The leading columns of rows of `stride` values, each row of length 1, or zero. */
function unitRows(rows: number, columns: number, values: Float32Array, stride = columns): Float32Array {
  const unit = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const length = lengthOf(values, row * stride, columns) || 1;
    for (let c = 0; c < columns; c++) unit[row * columns + c] = values[row * stride + c] / length;
  }
  return unit;
}

function rowsOf(values: Float32Array, dimension: number, rows: Uint32Array) {
  const vectors = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => vectors.set(values.subarray(row * dimension, (row + 1) * dimension), i * dimension));
  return { vectors, dimension };
}
