import { gram, type Matrix, matrix, rowProducts } from './dense-matrix.js';
import { inverseCholesky, singleRounding } from './inverse-cholesky.js';

/**
 * An orthonormal basis of a tall matrix's columns by Cholesky of its Gram matrix: Y · L⁻ᵀ where YᵀY = LLᵀ.
 * Much cheaper than Householder where rows are many; twice over it is as good, shifted so that columns that nearly
 * depend on each other come out short the first time.
 */
export function orthonormal(tall: Matrix): Matrix {
  const { columns } = tall;
  return rowProducts(tall, matrix(columns, columns, inverseCholesky(gram(tall), columns, singleRounding).inverse));
}
