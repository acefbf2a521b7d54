import * as tf from '@tensorflow/tfjs-core';
import type { MiniBatch } from '../sampling/minibatch.js';
import type { PinInputs } from './features.js';
import { excluded, maxMarginLoss, softmaxLoss } from './loss.js';
import { rowScores, scores, sum } from './operations.js';
import type { PinSageNetwork } from './pinsage.js';
import { selection, sparseProduct } from './sparse-product.js';

/** [B, N]: `excluded` where a shared negative is the query's own pin or its positive, else 0. */
function exclusions({ queries, positives, negatives }: MiniBatch): tf.Tensor2D {
  const mask = new Float32Array(queries.length * negatives.length);
  for (let row = 0; row < queries.length; row++)
    for (let column = 0; column < negatives.length; column++) {
      const negative = negatives[column];
      if (negative === queries[row] || negative === positives[row]) mask[row * negatives.length + column] = excluded;
    }
  return tf.tensor2d(mask, [queries.length, negatives.length]);
}

/** Scores of each query with one of its hard negatives, one [B, 1] a hard negative. */
function hardScores(z: tf.Tensor2D, query: tf.Tensor2D, { queries, hardNegatives }: MiniBatch): tf.Tensor2D[] {
  const perQuery = hardNegatives.length / queries.length;
  return Array.from({ length: perQuery }, (_, which) => {
    const positions = queries.map((_query, row) => hardNegatives[row * perQuery + which]);
    return rowScores(query, sparseProduct(selection(positions, z.shape[0]), z));
  });
}

/** The loss that the spec names, over one batch. */
export function batchLoss(network: PinSageNetwork, batch: MiniBatch, inputs: PinInputs): tf.Scalar {
  const { spec } = network;
  const z = network.forward(batch, inputs);
  const pick = (positions: Int32Array): tf.Tensor2D => sparseProduct(selection(positions, z.shape[0]), z);
  const query = pick(batch.queries);
  const contrast = {
    positive: rowScores(query, pick(batch.positives)),
    negatives: [sum(scores(query, pick(batch.negatives)), exclusions(batch)), ...hardScores(z, query, batch)],
  };
  return spec.loss === 'softmax' ? softmaxLoss(contrast, spec.temperature) : maxMarginLoss(contrast, spec.margin);
}
