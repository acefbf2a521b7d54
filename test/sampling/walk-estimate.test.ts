import { expect, test } from 'vitest';
import { estimateWalks } from '../../src/sampling/walk-estimate.js';

test('walks are tried on rows of the size that is asked for, and cost what the rows take', async () => {
  const { memory, seedsPerSecond, secondsForAllPins } = await estimateWalks(20_000, 1_000, 200);
  expect(memory).toBe(4 * (2 * 20_000 + 1_000 + 200 + 2));
  expect(secondsForAllPins).toBeCloseTo(1_000 / seedsPerSecond);
});
