import * as tf from '@tensorflow/tfjs-core';
import { random } from '../random.js';
import { sparseProduct, sparseProductTransposed, type SparseMatrix } from './sparse-product.js';

const powerIterations = 3;
const latentStream = 0x6c73;
/** Added to the diagonal, as a share of its largest entry, where a basis may be short of its rank. */
const ridge = 1e-6;

/** The inverse of the upper Cholesky factor of a positive definite [n, n] matrix, in doubles. */
function inverseCholesky(gram: Float32Array, n: number): Float32Array {
  const largest = gram.reduce((most, value) => Math.max(most, value), 0) || 1;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let value = gram[i * n + j] + (i === j ? ridge * largest : 0);
      for (let k = 0; k < j; k++) value -= lower[i * n + k] * lower[j * n + k];
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(value, ridge * largest)) : value / lower[j * n + j];
    }
  // Column c of the inverse of `lower`, which is row c of the inverse of its transpose.
  const inverse = new Float32Array(n * n);
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = c; i < n; i++) {
      let value = i === c ? 1 : 0;
      for (let k = c; k < i; k++) value -= lower[i * n + k] * column[k];
      column[i] = value / lower[i * n + i];
      inverse[c * n + i] = column[i];
    }
  }
  return inverse;
}

/** The same column space with orthonormal columns (Cholesky QR). Disposes of `y`. */
async function orthonormal(y: tf.Tensor2D): Promise<tf.Tensor2D> {
  const columns = y.shape[1];
  const gram = tf.tidy(() => tf.matMul(tf.transpose(y), y));
  const inverse = inverseCholesky((await gram.data()) as Float32Array, columns);
  const unit = tf.tidy(() => tf.matMul<tf.Tensor2D>(y, tf.tensor2d(inverse, [columns, columns])));
  tf.dispose([y, gram]);
  return unit;
}

/**
 * An orthonormal basis [columns of texts, rank] of the directions in which TF-IDF rows vary most: latent
 * semantic analysis by randomised subspace iteration (Halko et al., 2011). Learned from all pins alike, it
 * places words together that no training pair has shown together.
 */
export async function latentBasis(texts: SparseMatrix, rank: number, seed: number): Promise<Float32Array> {
  const source = random(latentStream, seed);
  const start = Float32Array.from({ length: texts.shape[1] * rank }, () => source.normal());
  let basis = tf.tensor2d(start, [texts.shape[1], rank]);
  for (let i = 0; i < powerIterations; i++) {
    const rows = await orthonormal(sparseProduct(texts, basis));
    basis.dispose();
    basis = await orthonormal(sparseProductTransposed(texts, rows));
    rows.dispose();
  }
  const values = (await basis.data()) as Float32Array;
  basis.dispose();
  return values;
}
