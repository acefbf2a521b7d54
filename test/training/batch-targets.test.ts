import { afterAll, describe, expect, it } from 'vitest';
import { pinSageSpec } from '../../src/model/spec.js';
import { allNeighbourhoods } from '../../src/sampling/importance-neighbourhoods.js';
import { walkPool } from '../../src/sampling/pool.js';
import { batchTargets, negativeChances } from '../../src/training/batch-targets.js';
import { epochBatches } from '../../src/training/epoch-batches.js';
import { topologyOf } from '../sampling/small-graphs.js';

// Pin 0 is on nearly every board, pin 11 on one, pin 12 on none; boards of one pin to nine.
const topology = topologyOf(13, [
  [0, 1, 2, 3, 4, 5, 6, 7, 8],
  [0, 1, 2],
  [0, 1],
  [0, 2, 3, 9],
  [0, 4, 10, 11],
  [0, 5],
  [6],
]);
const seed = 4;
const epochs = 600;
const pool = walkPool(topology, { threads: 0 });
afterAll(() => pool.close());

describe.each(['uniform', 'degree'] as const)('log Q with %s negatives', (negativeDistribution) => {
  it.each([
    ['with negatives in the batch', true],
    ['without', false],
  ])('is the log of how often a pin turns out to be a negative, %s', async (_, inBatchNegatives) => {
    const spec = pinSageSpec({
      negativeDistribution,
      inBatchNegatives,
      negatives: 20,
      batchSize: 12,
      pinsPerBoard: 4,
      pairsPerEpoch: 12,
      folds: 1,
      neighbours: 3,
      steps: 20,
    });
    const neighbourhoods = [[await allNeighbourhoods(pool, { neighbours: 3, steps: 20, seed, epoch: 0 })]];
    const chances = negativeChances(topology, spec);
    const counted = new Float64Array(13);
    const expected = new Float64Array(13).fill(Number.NaN);
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const options = { spec, epoch, seed, neighbourhoods, hardNegatives: undefined };
      for await (const { batch, boards } of epochBatches(topology, pool, options)) {
        const { logExpected } = batchTargets(topology, spec, chances, boards, batch);
        logExpected.forEach((value, position) => (expected[batch.nodes[position]] = Math.exp(value)));
        const negatives = inBatchNegatives ? [...batch.negatives, ...batch.positives] : batch.negatives;
        for (const position of negatives) counted[batch.nodes[position]]++;
      }
    }
    for (let pin = 0; pin < 13; pin++) {
      const mean = counted[pin] / epochs;
      // A pin that no batch has held was no negative.
      if (Number.isNaN(expected[pin])) expect(mean).toBe(0);
      // Five standard deviations of a Poisson count; draws without replacement spread less.
      else
        expect(Math.abs(mean - expected[pin]), `pin ${pin}`).toBeLessThan(5 * Math.sqrt(expected[pin] / epochs) + 1e-5);
    }
    // Far from even, so that an estimate which knew no pin from another would fail.
    if (inBatchNegatives) expect(counted[0]).toBeGreaterThan(2 * counted[11]);
  });
});
