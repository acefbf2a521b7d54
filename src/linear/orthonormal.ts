import { gram, type Matrix, matrix, rowProducts } from './dense-matrix.js';
import { inverseCholesky } from './inverse-cholesky.js';

/** Of the largest entry of a Gram matrix of single-precision columns: below it, what is left of a pivot is rounding. */
const roundingShift = 1e-6;

/**
 * An orthonormal basis of a tall matrix's columns by Cholesky of its Gram matrix: Y · L⁻ᵀ where YᵀY = LLᵀ.
 * Much cheaper than Householder where rows are many; twice over it is as good, shifted so that columns that nearly
 * depend on each other come out short the first time.
 */
export function orthonormal(tall: Matrix): Matrix {
  const { columns } = tall;
  return rowProducts(tall, matrix(columns, columns, inverseCholesky(gram(tall), columns, roundingShift).inverse));
}
