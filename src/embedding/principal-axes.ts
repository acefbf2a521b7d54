import { symmetricEigen } from '../symmetric-eigen.js';

/** The columns' products with each other, in doubles. */
function gram(values: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(dimension * dimension);
  for (let start = 0; start < values.length; start += dimension)
    for (let i = 0; i < dimension; i++) {
      const factor = values[start + i];
      for (let j = 0, at = i * dimension; j <= i; j++, at++) out[at] += factor * values[start + j];
    }
  for (let i = 0; i < dimension; i++) for (let j = 0; j < i; j++) out[j * dimension + i] = out[i * dimension + j];
  return out;
}

/**
 * The axes along which rows [n, dimension] are longest, one a row, the longest first: the eigenvectors of their
 * columns' products.
 */
export function principalAxes(rows: Float64Array, dimension: number): Float32Array {
  return Float32Array.from(symmetricEigen(gram(rows, dimension), dimension).vectors);
}
