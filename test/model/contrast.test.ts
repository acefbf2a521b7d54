import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openBackend } from '../../src/model/backends.js';
import { contrastOf } from '../../src/model/contrast.js';
import { excluded } from '../../src/model/loss.js';
import { pinSageSpec } from '../../src/model/spec.js';

beforeAll(async () => void (await openBackend('wasm')));

it('compares no query with hard negatives of its own board', () => {
  const spec = pinSageSpec({ inBatchNegatives: false });
  const batch = {
    epoch: 1,
    index: 0,
    queries: Int32Array.of(0, 1),
    positives: Int32Array.of(2, 3),
    negatives: Int32Array.of(4),
    // Of the first query one that is on its board.
    hardNegatives: Int32Array.of(1, 4),
    nodes: Uint32Array.of(0, 1, 2, 3, 4),
    layers: [],
  };
  const targets = {
    boards: Uint32Array.of(7, 8),
    isOnBoard: (position: number, board: number) => board === 7 && position === 1,
    logExpected: new Float32Array(5),
  };
  const scores = tf.tidy(() => {
    const z = tf.ones([5, 3]) as tf.Tensor2D;
    return contrastOf(z, batch, targets, spec).negatives.map((each) => [...each.dataSync()]);
  });
  expect(scores[1][0]).toBeLessThan(excluded / 2);
  expect(scores[1][1]).toBeCloseTo(3, 5);
});
