import * as tf from '@tensorflow/tfjs-core';
import { inverseCholesky, singleRounding } from '../linear/inverse-cholesky.js';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import { random } from '../random.js';
import { sparseProduct, sparseProductTransposed } from './sparse-product.js';

const powerIterations = 3;
const latentStream = 0x6c73;
/** A basis is orthonormalised again where a column came out shorter by more than this, squared. */
const shortfallBorne = 0.01;
/** Of the largest squared length of a column: shorter ones are set to 0, for they would shrink to subnormals, which are slow. */
const negligible = 1e-12;

/** Orthonormal columns that span what those of `y` do, short or zero beyond its rank (Cholesky QR). Disposes of `y`. */
async function orthonormal(y: tf.Tensor2D): Promise<tf.Tensor2D> {
  const first = await orthonormalOnce(y);
  if (first.shortfall <= shortfallBorne) return first.basis;
  // What varies little beside the rest came out short with the columns that are but rounding; this makes it whole.
  return (await orthonormalOnce(first.basis)).basis;
}

async function orthonormalOnce(y: tf.Tensor2D): Promise<{ basis: tf.Tensor2D; shortfall: number }> {
  const columns = y.shape[1];
  const products = tf.tidy(() => tf.matMul(tf.transpose(y), y));
  const gram = (await products.data()) as Float32Array;
  const { inverse, shortfall } = inverseCholesky(gram, columns, singleRounding);
  const squares = Array.from({ length: columns }, (_, column) => gram[column * (columns + 1)]);
  const least = negligible * Math.max(...squares);
  squares.forEach((square, row) => {
    if (square < least) inverse.fill(0, row * columns, (row + 1) * columns);
  });
  const basis = tf.tidy(() =>
    tf.matMul<tf.Tensor2D>(y, tf.transpose<tf.Tensor2D>(tf.tensor2d(inverse, [columns, columns]))),
  );
  tf.dispose([y, products]);
  return { basis, shortfall };
}

/**
 * An orthonormal basis [columns, rank] of the directions in which a matrix's rows vary most, by randomised subspace
 * iteration (Halko et al., 2011). Of TF-IDF rows it is latent semantic analysis: learned from all pins alike, it places
 * words together that no training pair has shown together.
 */
export async function latentBasis(matrix: SparseMatrix, rank: number, seed: number): Promise<Float32Array> {
  const source = random(latentStream, seed);
  const columns = matrix.shape[1];
  const start = Float32Array.from({ length: columns * rank }, () => source.normal());
  let basis = tf.tensor2d(start, [columns, rank]);
  for (let i = 0; i < powerIterations; i++) {
    const rows = await orthonormal(sparseProduct(matrix, basis));
    basis.dispose();
    basis = await orthonormal(sparseProductTransposed(matrix, rows));
    rows.dispose();
  }
  const values = (await basis.data()) as Float32Array;
  basis.dispose();
  return values;
}
