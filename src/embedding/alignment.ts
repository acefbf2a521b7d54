/** Rows that are compared with others of the same width: [rows, width]. */
export interface Rows {
  readonly width: number;
  readonly values: Float32Array;
}

const iterations = 60;
const enough = 1e-9;

/**
 * The orthogonal matrix Q, [width, width], that brings `from` · Q closest to `to` row by row (Procrustes): the
 * polar factor of fromᵀ · to, by Newton and Schulz. O(rows · width²) and a few dozen products of width³.
 */
export function alignment(from: Rows, to: Rows): Float64Array {
  const { width } = from;
  let q = new Float64Array(width * width);
  for (let row = 0; row < from.values.length; row += width)
    for (let i = 0; i < width; i++) {
      const value = from.values[row + i];
      for (let j = 0; j < width; j++) q[i * width + j] += value * to.values[row + j];
    }
  // The iteration needs singular values below √3; the Frobenius norm bounds the largest.
  const norm = Math.sqrt(q.reduce((total, value) => total + value * value, 0)) || 1;
  q = q.map((value) => value / norm);
  for (let round = 0; round < iterations; round++) {
    const square = transposedProduct(q, q, width);
    let distance = 0;
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) {
        const target = Number(i === j);
        distance += (square[i * width + j] - target) ** 2;
        square[i * width + j] = 1.5 * target - 0.5 * square[i * width + j];
      }
    if (distance < enough) break;
    q = product(q, square, width);
  }
  return q;
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

/** aᵀ · b. */
function transposedProduct(a: Float64Array, b: Float64Array, width: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(width * width);
  for (let k = 0; k < width; k++)
    for (let i = 0; i < width; i++) {
      const value = a[k * width + i];
      for (let j = 0; j < width; j++) result[i * width + j] += value * b[k * width + j];
    }
  return result;
}
