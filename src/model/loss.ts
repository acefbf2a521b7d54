import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';

/**
 * Scores of B queries: with their positive, [B, 1], and with one or more sets of negatives, [B, M] each. A
 * negative that must not count carries `excluded`.
 */
export interface Contrast {
  readonly positive: tf.Tensor2D;
  readonly negatives: readonly tf.Tensor2D[];
}

/** Far below any score, yet finite, so that differences stay numbers. */
export const excluded = -1e9;

/**
 * max(0, z_q·z_n − z_q·z_i + Δ), the mean over each set of negatives, added over the sets (PinSage, section
 * 3.3). A set of few hard negatives so weighs as much as one of many easy ones.
 */
export function maxMarginLoss({ positive, negatives }: Contrast, margin: number): tf.Scalar {
  return differentiable([positive, ...negatives], (anchor, ...sets) => {
    const excesses = sets.map((set) => tf.relu(tf.add(tf.sub(set, anchor), margin)));
    return {
      value: tf.addN(excesses.map((excess) => tf.mean(excess))),
      saved: excesses,
      gradient: (dy, kept) => {
        const slopes = kept.map((excess) => tf.mul(tf.step(excess), tf.div(dy, excess.size)));
        return [tf.neg(tf.addN(slopes.map((slope) => tf.sum(slope, 1, true)))), ...slopes];
      },
    };
  }) as tf.Tensor as tf.Scalar;
}

/** −log of the positive's share in exp(score / τ) over the positive and all negatives; the mean over queries. */
export function softmaxLoss({ positive, negatives }: Contrast, temperature: number): tf.Scalar {
  return differentiable([positive, ...negatives], (anchor, ...sets) => {
    const all = [anchor, ...sets].map((set) => tf.div(set, temperature));
    // The largest logit of each row is taken away before exp, which leaves shares as they are.
    const highest = all.map((set) => tf.max(set, 1, true)).reduce((a, b) => tf.maximum(a, b));
    const exponentials = all.map((set) => tf.exp(tf.sub(set, highest)));
    const total = tf.addN(exponentials.map((set) => tf.sum(set, 1, true)));
    const surprise = tf.sub(tf.log(total), tf.sub(all[0], highest));
    return {
      value: tf.mean(surprise),
      saved: exponentials.map((set) => tf.div(set, total) as tf.Tensor2D),
      gradient: (dy, [positiveShare, ...shares]) => {
        const scale = tf.div(dy, temperature * positiveShare.size);
        return [tf.mul(tf.sub(positiveShare, 1), scale), ...shares.map((share) => tf.mul(share, scale))];
      },
    };
  }) as tf.Tensor as tf.Scalar;
}

/**
 * Binary cross-entropy of the shares σ(score / τ), the positive's label 1 and the negatives' 0, in the form of
 * GraphSAGE: −log σ(z_q·z_i / τ) − Σ over the sets of the mean of log σ(−z_q·z_n / τ), the mean over queries. As
 * in the max-margin loss, a set of negatives weighs as much as the positive, however many it holds.
 */
export function crossEntropyLoss({ positive, negatives }: Contrast, temperature: number): tf.Scalar {
  return differentiable([positive, ...negatives], (anchor, ...sets) => {
    // −log σ(x) = log(1 + exp(−x)), which softplus gives without an overflow.
    const labelled = [tf.neg(anchor), ...sets].map((set) => tf.div(set, temperature));
    return {
      value: tf.addN(labelled.map((set) => tf.mean(tf.softplus(set)))),
      saved: labelled.map((set) => tf.sigmoid(set) as tf.Tensor2D),
      gradient: (dy, errors) => {
        const slopes = errors.map((error) => tf.mul(error, tf.div(dy, temperature * error.size)));
        return [tf.neg(slopes[0]), ...slopes.slice(1)];
      },
    };
  }) as tf.Tensor as tf.Scalar;
}
