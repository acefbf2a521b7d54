import { gram, type Matrix, matrix, rowProducts } from './dense-matrix.js';

/** Of the largest entry of a Gram matrix of single-precision columns: below it, what is left of a pivot is rounding. */
const roundingShift = 1e-6;

/**
 * An orthonormal basis of a tall matrix's columns by Cholesky of its Gram matrix: Y · L⁻ᵀ where YᵀY = LLᵀ.
 * Much cheaper than Householder where rows are many; twice over it is as good, shifted so that columns that nearly
 * depend on each other come out short the first time (Fukaya et al., "Shifted Cholesky QR", SISC 2020, section 3).
 */
export function orthonormal(tall: Matrix): Matrix {
  const { columns } = tall;
  return rowProducts(tall, matrix(columns, columns, inverseCholesky(gram(tall), columns, roundingShift)));
}

/** L⁻¹ of A = LLᵀ, [n, n] lower triangular. A shift of the largest entry's share keeps a deficient A going. */
export function inverseCholesky(a: Float64Array, n: number, share = 1e-10): Float32Array {
  const shift = share * a.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] + (i === j ? shift : 0);
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, shift)) : sum / l[j * n + j];
    }
  const inverse = new Float32Array(n * n);
  const row = new Float64Array(n);
  // Row i of L⁻¹ solves x · L = e_i from the diagonal leftwards.
  for (let i = 0; i < n; i++) {
    row.fill(0);
    row[i] = 1 / l[i * n + i];
    for (let j = i - 1; j >= 0; j--) {
      let sum = 0;
      for (let k = j + 1; k <= i; k++) sum += row[k] * l[k * n + j];
      row[j] = -sum / l[j * n + j];
    }
    inverse.set(row, i * n);
  }
  return inverse;
}
