import { gramOfDoubles } from './gram-of-doubles.js';
import { symmetricEigen } from './symmetric-eigen.js';

/**
 * The axes along which rows [n, dimension] are longest, one a row, the longest first: the eigenvectors of their
 * columns' products.
 */
export function principalAxes(rows: Float64Array, dimension: number): Float32Array {
  return Float32Array.from(symmetricEigen(gramOfDoubles(rows, dimension), dimension).vectors);
}
