import * as tf from '@tensorflow/tfjs-core';
import { type Arithmetic, rowsOf, smallestSquare } from './arithmetic.js';

/** By operations that every backend of tfjs has. */
export const stockArithmetic: Arithmetic = {
  product: (a, b, transposed = {}) => tf.matMul(a, b, transposed.a, transposed.b),

  affine(terms, bias, rectified) {
    const products: tf.Tensor2D[] = terms.map(({ x, w }) => tf.matMul(x, w));
    const sum = products.length > 1 ? tf.addN(products) : products[0];
    const shifted = bias ? tf.add<tf.Tensor2D>(sum, bias) : sum;
    return rectified ? tf.relu(shifted) : shifted;
  },

  slopes(dy, value) {
    const slopes = value ? tf.mul<tf.Tensor2D>(dy, tf.step(value)) : dy.clone();
    return { slopes, columnSums: tf.sum(slopes, 0) };
  },

  unitRows(x) {
    const norms = tf.sqrt<tf.Tensor2D>(tf.add(tf.sum(tf.square(x), 1, true), smallestSquare));
    return { unit: tf.div(x, norms), norms };
  },

  unitRowsSlopes(dy, unit, norms) {
    const along = tf.sum(tf.mul(dy, unit), 1, true);
    return tf.div(tf.sub(dy, tf.mul(unit, along)), norms);
  },

  firstRows: (x, rows) => tf.slice(x, [0, 0], [rows, x.shape[1]]),

  paddedRows(x, rows) {
    const below: [number, number] = [0, rows - x.shape[0]];
    return tf.pad(x, [below, [0, 0]]);
  },

  /** gather · multiply, then scatter: with an array of all nonzeros' rows in between. */
  sparseProduct(matrix, x, transposed) {
    const rows = rowsOf(matrix);
    const [from, to] = transposed ? [rows, matrix.columns] : [matrix.columns, rows];
    return tf.tidy(() => {
      const values = tf.tensor2d(matrix.values, [matrix.values.length, 1]);
      const terms = tf.mul(tf.gather(x, tf.tensor1d(from, 'int32')), values);
      const positions = tf.tensor2d(to, [to.length, 1], 'int32');
      return tf.scatterND(positions, terms, [matrix.shape[transposed ? 1 : 0], x.shape[1]]);
    });
  },
};
