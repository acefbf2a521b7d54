import { dot } from '../linear/inner-product.js';
import { sharedFloat32 } from '../sampling/shared-arrays.js';
import type { PlainVectors } from './vectors.js';

/**
 * Vectors of several networks as one, [pins, all columns] in shared memory: their inner product is the mean of each
 * network's. A query of several pins is brought to unit length network by network, so that its cosines are averaged too.
 */
export function sideBySide(networks: readonly PlainVectors[], pins: number): PlainVectors {
  const dimension = networks.reduce((sum, each) => sum + each.dimension, 0);
  const vectors = sharedFloat32(pins * dimension);
  const scale = 1 / Math.sqrt(networks.length);
  let from = 0;
  for (const each of networks) {
    for (let pin = 0; pin < pins; pin++)
      for (let i = 0; i < each.dimension; i++)
        vectors[pin * dimension + from + i] = scale * each.vectors[pin * each.dimension + i];
    from += each.dimension;
  }
  return { dimension, vectors, ...(networks.length > 1 && { networks: networks.map((each) => each.dimension) }) };
}

/** Brings rows to unit length in place, of which each of several networks, side by side, has an equal share. */
export function unitNetworks(rows: Float32Array, networks: readonly number[]): void {
  for (let from = 0; from < rows.length;)
    for (const columns of networks) {
      const length = Math.sqrt(networks.length) * Math.sqrt(dot(rows, from, rows, from, columns)) || 1;
      for (const end = from + columns; from < end; from++) rows[from] /= length;
    }
}
