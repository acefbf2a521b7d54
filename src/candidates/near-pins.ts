import { nearestOfMany } from '../ann/nearest-of-many.js';
import { unitNetworks } from '../embedding/side-by-side.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { type Progress, silentProgress } from '../progress.js';
import { sharedFloat32, sharedUint32 } from '../sampling/shared-arrays.js';

/** For each pin others that are near it, the nearest first, in compressed rows; the arrays lie in shared memory. */
export interface NearPins {
  /** [pins + 1]. */
  readonly offsets: Uint32Array;
  readonly neighbours: Uint32Array;
  /** Those of a pin sum to 1, where it has any. */
  readonly weights: Float32Array;
}

/**
 * For each pin up to `most` others with boards, the nearest by vectors [pins, dimension], with the square of their cosine
 * over the sum of all squares; of equal ones, those of more boards first. `degrees` are the numbers of the pins' boards.
 */
export function nearestPins(
  degrees: Uint32Array,
  given: PlainVectors,
  most: number,
  progress: Progress = silentProgress,
): NearPins {
  const pins = degrees.length;
  const { dimension } = given;
  const offsets = sharedUint32(pins + 1);
  const neighbours = sharedUint32(pins * most);
  const weights = sharedFloat32(pins * most);
  // Of pins with the very same vector, those of more boards lend what they have: equal products go to the first rows.
  const withBoards = Uint32Array.from([...degrees.keys()].filter((pin) => degrees[pin] > 0)).sort(
    (a, b) => degrees[b] - degrees[a] || a - b,
  );
  const points = given.vectors.slice();
  unitNetworks(points, given.networks ?? [dimension]);
  const table = { dimension, vectors: takenRows(points, dimension, withBoards) };
  const stage = progress.stage('nearest pins', pins);
  let pin = 0;
  let slot = 0;
  // One more, for a pin of boards is among its own nearest.
  for (const { rows, similarities } of nearestOfMany(table, points, most + 1)) {
    const first = slot;
    let squares = 0;
    for (let i = 0; i < rows.length && similarities[i] > 0 && slot - first < most; i++) {
      const other = withBoards[rows[i]];
      weights[slot] = similarities[i] ** 2;
      if (other === pin || weights[slot] === 0) continue;
      neighbours[slot] = other;
      squares += weights[slot++];
    }
    for (let e = first; e < slot; e++) weights[e] /= squares;
    offsets[++pin] = slot;
    stage.update(pin);
  }
  stage.finish();
  return { offsets, neighbours: neighbours.subarray(0, slot), weights: weights.subarray(0, slot) };
}

function takenRows(values: Float32Array, dimension: number, rows: Uint32Array): Float32Array {
  const taken = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => taken.set(values.subarray(row * dimension, (row + 1) * dimension), i * dimension));
  return taken;
}
