import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../src/model/backends.js';
import { batchLoss } from '../../src/model/objective.js';
import { openEncoder } from '../../src/model/open-encoder.js';
import { oneBatch } from './one-batch.js';

describe.each([
  ['softmax over boards', { loss: 'softmax', query: 'board', inBatchNegatives: true }],
  ['max margin over pins', { loss: 'max-margin', query: 'pin', inBatchNegatives: false }],
  ['cross-entropy over pins', { loss: 'cross-entropy', query: 'pin' }],
  ['softmax after mean pooling', { pooling: 'mean' }],
  ['softmax after max pooling', { pooling: 'max' }],
  ['softmax after sums without weights', { aggregator: 'linear' }],
  ['softmax without neighbours', { aggregator: 'linear', layers: 0 }],
  ['softmax over a transformer', { aggregator: 'transformer', hidden: 6, heads: 2, boardNeighbours: 3 }],
] as const)('the whole model under %s', (_, objective) => {
  beforeAll(async () => {
    await openBackend('cpu');
  });

  it('has the gradient of finite differences in every weight', async () => {
    const { spec, weights, batch, inputs, targets } = await oneBatch(objective);
    const encoder = openEncoder(spec, weights);
    const loss = (): tf.Scalar => batchLoss(encoder, batch, inputs, targets);
    const variables = [...encoder.variables.values()];
    const { grads } = tf.variableGrads(loss, variables);
    for (const [name, variable] of encoder.variables) {
      const gradient = grads[variable.name].dataSync() as Float32Array;
      const values = (variable.dataSync() as Float32Array).slice();
      const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest, name).toBeGreaterThan(0);
      const at = (index: number, by: number): number => {
        const moved = values.slice();
        moved[index] += by;
        return tf.tidy(() => {
          variable.assign(tf.tensor(moved, variable.shape));
          return loss().dataSync()[0];
        });
      };
      // A kink of ReLU, of a maximum or of the margin spoils a difference that straddles it, and rounding a short
      // one; a wrong gradient spoils them all.
      const sampled = Array.from({ length: 12 }, (_unused, i) => Math.floor((i * values.length) / 12));
      const errorBy = (index: number, step: number): number => {
        const numeric = (at(index, step) - at(index, -step)) / (2 * step);
        return Math.abs(numeric - gradient[index]) / largest;
      };
      const errors = sampled.map((index) => Math.min(...[8e-3, 2e-3, 1e-3].map((step) => errorBy(index, step))));
      expect(errors.toSorted((a, b) => a - b)[6], name).toBeLessThan(0.02);
      variable.assign(tf.tensor(values, variable.shape));
    }
    encoder.dispose();
  });
});
