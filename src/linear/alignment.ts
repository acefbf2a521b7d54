import { gramOfDoubles } from './gram-of-doubles.js';
import type { Rows } from './rows.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** Of the greatest singular value, the least that a direction is turned by; what lies below is rounding. */
const negligible = 1e-6;

/**
 * The orthogonal matrix Q, [width, width], that brings `from` · Q closest to `to` row by row (Procrustes): the
 * polar factor M (MᵀM)^-½ of M = fromᵀ · to. O(rows · width² + width³). Directions that the rows do not have are
 * turned to 0.
 */
export function alignment(from: Rows, to: Rows): Float64Array {
  const { width } = from;
  const m = new Float64Array(width * width);
  for (let row = 0; row < from.values.length; row += width)
    for (let i = 0; i < width; i++) {
      const value = from.values[row + i];
      for (let j = 0; j < width; j++) m[i * width + j] += value * to.values[row + j];
    }
  const { values: squares, vectors } = symmetricEigen(gramOfDoubles(m, width), width);
  squares.forEach((square, i) => {
    // Of the inverse root Σ v vᵀ / σ, each of the two vectors bears half.
    const scale = square > negligible ** 2 * squares[0] ? square ** -0.25 : 0;
    for (let at = i * width; at < (i + 1) * width; at++) vectors[at] *= scale;
  });
  return product(m, gramOfDoubles(vectors, width), width);
}

/** rows · matrix. */
export function turned({ width, values }: Rows, matrix: Float64Array): Rows {
  const result = new Float32Array(values.length);
  const sums = new Float64Array(width);
  for (let row = 0; row < values.length; row += width) {
    sums.fill(0);
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) sums[j] += values[row + i] * matrix[i * width + j];
    result.set(sums, row);
  }
  return { width, values: result };
}

function product(a: Float64Array, b: Float64Array, width: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(width * width);
  for (let i = 0; i < width; i++)
    for (let k = 0; k < width; k++) {
      const value = a[i * width + k];
      for (let j = 0; j < width; j++) result[i * width + j] += value * b[k * width + j];
    }
  return result;
}
