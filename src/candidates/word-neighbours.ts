import { nearestOfMany } from '../ann/nearest-of-many.js';
import { foreseeMemory } from '../data/available-memory.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { unitRows } from '../linear/unit-rows.js';
import { type Progress, silentProgress } from '../progress.js';
import { sharedFloat32, sharedUint32 } from '../sampling/shared-arrays.js';

/** For each pin others that are near it, the nearest first, in compressed rows; the arrays lie in shared memory. */
export interface NearestPins {
  /** [pins + 1]. */
  readonly offsets: Uint32Array;
  readonly neighbours: Uint32Array;
  /** Those of a pin sum to 1. */
  readonly weights: Float32Array;
}

/**
 * For each pin up to `most` others with boards, the nearest by vectors of words [pins, dimension], with the square of
 * their cosine over the sum of all squares. `degrees` are the numbers of the pins' boards.
 */
export function nearestByWords(
  degrees: Uint32Array,
  { vectors, dimension }: PlainVectors,
  most: number,
  progress: Progress = silentProgress,
): NearestPins {
  const pins = degrees.length;
  foreseeMemory({
    what: 'Finding the nearest pins by words',
    // Unit vectors, those that are searched, the search's own copy of them, and what is found.
    bytes: 4 * pins * (3 * dimension + 2 * most),
    mend: 'Leave the source "mapped" out of the sources in --config.',
  });
  const offsets = sharedUint32(pins + 1);
  const neighbours = sharedUint32(pins * most);
  const weights = sharedFloat32(pins * most);
  const known = Uint32Array.from([...degrees.keys()].filter((pin) => degrees[pin] > 0));
  const points = unitRows(vectors, dimension);
  const table = { dimension, vectors: rowsOf(points, dimension, known) };
  const stage = progress.stage('nearest pins by words', pins);
  let pin = 0;
  let slot = 0;
  // One more, for a pin of boards is nearest to itself.
  for (const { rows, similarities } of nearestOfMany(table, points, most + 1)) {
    const first = slot;
    let squares = 0;
    for (let i = 0; i < rows.length && similarities[i] > 0 && slot - first < most; i++) {
      if (known[rows[i]] === pin) continue;
      neighbours[slot] = known[rows[i]];
      weights[slot] = similarities[i] ** 2;
      squares += weights[slot++];
    }
    for (let e = first; e < slot; e++) weights[e] /= squares;
    offsets[++pin] = slot;
    stage.update(pin);
  }
  stage.finish();
  return { offsets, neighbours: neighbours.subarray(0, slot), weights: weights.subarray(0, slot) };
}

function rowsOf(values: Float32Array, dimension: number, rows: Uint32Array): Float32Array {
  const taken = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => taken.set(values.subarray(row * dimension, (row + 1) * dimension), i * dimension));
  return taken;
}
