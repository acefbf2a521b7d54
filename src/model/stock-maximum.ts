import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../linear/sparse-matrix.js';

/** Maxima of neighbours in operations of any backend, with an array of all neighbours' rows in between. */
export function stockMaximum(matrix: SparseMatrix, x: tf.Tensor2D): { value: tf.Tensor2D; chosen: tf.Tensor2D } {
  const [rows] = matrix.shape;
  const width = x.shape[1];
  const { longest, columns, filled } = padded(matrix);
  return tf.tidy(() => {
    const sources = tf.tensor1d(columns, 'int32');
    const some = tf.tensor2d(filled, [rows, 1], 'bool');
    const neighbours = tf.reshape(tf.gather(x, sources), [rows, longest, width]);
    const starts = Int32Array.from({ length: rows }, (_, row) => row * longest);
    const places = tf.add(tf.argMax(neighbours, 1), tf.tensor2d(starts, [rows, 1], 'int32'));
    const chosen = tf.gather(sources, tf.reshape(places, [rows * width]));
    return {
      value: tf.where<tf.Tensor>(some, tf.max(neighbours, 1), tf.scalar(0)) as tf.Tensor2D,
      chosen: tf.where<tf.Tensor>(some, tf.reshape(chosen, [rows, width]), tf.scalar(-1, 'int32')) as tf.Tensor2D,
    };
  });
}

/** The gradient of what the maxima were taken of, which has `sources` rows. */
export function stockMaximumSlopes(dy: tf.Tensor2D, chosen: tf.Tensor2D, sources: number): tf.Tensor2D {
  const [rows, width] = dy.shape;
  return tf.tidy(() => {
    const column = tf.range(0, width, 1, 'int32');
    const positions = tf.add(tf.mul(tf.maximum(chosen, 0), width), column);
    const slopes = tf.mul(dy, tf.cast(tf.greaterEqual(chosen, 0), 'float32'));
    const sums = tf.scatterND(
      tf.reshape(tf.cast(positions, 'int32'), [rows * width, 1]),
      tf.reshape(slopes, [rows * width]),
      [sources * width],
    );
    return tf.reshape(sums, [sources, width]);
  });
}

/** Rows brought to one length by repeating their first neighbour; `filled` is 0 for a row without any. */
function padded({ shape: [rows], offsets, columns, values }: SparseMatrix) {
  let longest = 1;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, offsets[row + 1] - offsets[row]);
  const result = { longest, columns: new Int32Array(rows * longest), filled: new Uint8Array(rows) };
  for (let row = 0; row < rows; row++) {
    const start = row * longest;
    let next = start;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) if (values[e] > 0) result.columns[next++] = columns[e];
    result.filled[row] = Number(next > start);
    result.columns.fill(result.columns[start], next, start + longest);
  }
  return result;
}
