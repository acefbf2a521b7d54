import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import { excluded } from './loss.js';

/** Entries of a row in all sets; a set's rows have one length. */
const lengthOf = ({ shape, columns }: SparseMatrix): number => columns.length / shape[0];

/** [n, heads, tokens, columns of a head], of keys or of values, of all sets side by side. */
function gathered(
  memories: readonly tf.Tensor2D[],
  attended: readonly SparseMatrix[],
  heads: number,
  part: 'key' | 'value',
): tf.Tensor4D {
  const blocks = memories.map((memory, set): tf.Tensor3D => {
    const width = memory.shape[1] / 2;
    const rows = tf.slice(
      tf.gather(memory, tf.tensor1d(attended[set].columns, 'int32')),
      [0, part === 'key' ? 0 : width],
      [-1, width],
    );
    return tf.reshape(rows, [attended[set].shape[0], lengthOf(attended[set]), width]);
  });
  return byHead(blocks.length > 1 ? tf.concat(blocks, 1) : blocks[0], heads);
}

/** [n, m, width] → [n, heads, m, width / heads] */
function byHead(x: tf.Tensor3D, heads: number): tf.Tensor4D {
  const [n, m, width] = x.shape;
  return tf.transpose(tf.reshape(x, [n, m, heads, width / heads]), [0, 2, 1, 3]);
}

/** [n, heads, m, width / heads] → [n, m, width] */
function joined(x: tf.Tensor4D): tf.Tensor3D {
  const [n, heads, m, columns] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [n, m, heads * columns]);
}

function ofQueries(x: tf.Tensor2D, heads: number): tf.Tensor4D {
  return byHead(tf.reshape(x, [x.shape[0], 1, x.shape[1]]), heads);
}

/** [n, 1, 1, tokens] 1 where an entry is attended to, else 0. */
function mask(attended: readonly SparseMatrix[]): tf.Tensor4D {
  const [rows] = attended[0].shape;
  const total = attended.reduce((sum, each) => sum + lengthOf(each), 0);
  const values = new Float32Array(rows * total);
  let start = 0;
  for (const each of attended) {
    const length = lengthOf(each);
    each.values.forEach((value, e) => {
      if (value > 0) values[Math.floor(e / length) * total + start + (e % length)] = 1;
    });
    start += length;
  }
  return tf.tensor4d(values, [rows, 1, 1, total]);
}

const scaleOf = (query: tf.Tensor2D, heads: number): number => 1 / Math.sqrt(query.shape[1] / heads);

/** Attention in operations of any backend, with an array of all attended rows in between. */
export function stockAttention(
  query: tf.Tensor2D,
  memories: readonly tf.Tensor2D[],
  attended: readonly SparseMatrix[],
  heads: number,
): { value: tf.Tensor2D; shares: tf.Tensor } {
  return tf.tidy(() => {
    const keys = gathered(memories, attended, heads, 'key');
    const logits = tf.mul(tf.matMul(ofQueries(query, heads), keys, false, true), scaleOf(query, heads));
    const seen = mask(attended);
    const lowered = tf.add(logits, tf.mul(tf.sub(1, seen), excluded));
    const exponentials = tf.mul(tf.exp(tf.sub(lowered, tf.max(lowered, 3, true))), seen);
    // The largest exponential of a row is 1, and a row without a token has none.
    const shares = tf.div<tf.Tensor4D>(exponentials, tf.maximum(tf.sum(exponentials, 3, true), 1));
    const value = joined(tf.matMul(shares, gathered(memories, attended, heads, 'value')));
    return { value: tf.reshape(value, query.shape) as tf.Tensor2D, shares };
  });
}

export function stockAttentionSlopes(
  dy: tf.Tensor2D,
  shares: tf.Tensor,
  query: tf.Tensor2D,
  memories: readonly tf.Tensor2D[],
  attended: readonly SparseMatrix[],
  heads: number,
): tf.Tensor2D[] {
  return tf.tidy(() => {
    const slopes = ofQueries(dy, heads);
    const along = tf.matMul(slopes, gathered(memories, attended, heads, 'value'), false, true);
    const mean = tf.sum(tf.mul(shares, along), 3, true);
    const logitSlopes = tf.mul<tf.Tensor4D>(tf.mul(shares, tf.sub(along, mean)), scaleOf(query, heads));
    const querySlopes = joined(tf.matMul(logitSlopes, gathered(memories, attended, heads, 'key')));
    const keySlopes = joined(tf.matMul(logitSlopes, ofQueries(query, heads), true));
    const valueSlopes = joined(tf.matMul(shares as tf.Tensor4D, slopes, true));
    const bothSlopes = tf.concat([keySlopes, valueSlopes], 2);
    let start = 0;
    const memorySlopes = memories.map((memory, set) => {
      const { columns } = attended[set];
      const length = lengthOf(attended[set]);
      const own = tf.slice(bothSlopes, [0, start, 0], [-1, length, -1]);
      start += length;
      return tf.scatterND(
        tf.tensor2d(columns, [columns.length, 1], 'int32'),
        tf.reshape(own, [columns.length, memory.shape[1]]),
        memory.shape,
      ) as tf.Tensor2D;
    });
    return [tf.reshape(querySlopes, query.shape) as tf.Tensor2D, ...memorySlopes];
  });
}
