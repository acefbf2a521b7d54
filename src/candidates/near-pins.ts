import { nearestOthers } from '../ann/nearest-others.js';
import { unitNetworks } from '../embedding/side-by-side.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { takeRows } from '../linear/rows.js';
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
  const order = Uint32Array.from(degrees.keys()).sort((a, b) => degrees[b] - degrees[a] || a - b);
  const withBoards = degrees.reduce((count, boards) => count + Number(boards > 0), 0);
  const vectors = takeRows({ width: dimension, values: given.vectors }, order).values;
  unitNetworks(vectors, given.networks ?? [dimension]);
  const counts = new Uint32Array(pins);
  const stage = progress.stage('nearest pins', pins);
  let row = 0;
  for (const { rows, similarities } of nearestOthers({ dimension, vectors }, withBoards, most)) {
    const pin = order[row++];
    const first = pin * most;
    let slot = first;
    let squares = 0;
    for (let i = 0; i < rows.length && similarities[i] > 0; i++) {
      weights[slot] = similarities[i] ** 2;
      if (weights[slot] === 0) break;
      neighbours[slot] = order[rows[i]];
      squares += weights[slot++];
    }
    for (let e = first; e < slot; e++) weights[e] /= squares;
    counts[pin] = slot - first;
    stage.update(row);
  }
  stage.finish();
  for (let pin = 0; pin < pins; pin++) {
    const [first, end] = [pin * most, pin * most + counts[pin]];
    neighbours.copyWithin(offsets[pin], first, end);
    weights.copyWithin(offsets[pin], first, end);
    offsets[pin + 1] = offsets[pin] + counts[pin];
  }
  return { offsets, neighbours: neighbours.subarray(0, offsets[pins]), weights: weights.subarray(0, offsets[pins]) };
}
