import { expect, it } from 'vitest';
import { stepShares } from '../../src/sampling/step-shares.js';
import { topologyOf } from './small-graphs.js';

// Pin 0 is on eight boards, pin 1 on four, pin 2 on one, pin 3 on none.
const boards = [[0, 1], [0, 1], [0, 1], [0, 1], [0, 2], [0], [0], [0]];
const { pins } = topologyOf(4, boards);
const equally = (query: number[], steps: number): number[] =>
  stepShares(pins)(Uint32Array.from(query), new Float32Array(query.length).fill(1), steps);

it('follows N · w s / Σ w s with s = |E| · (C − log |E|)', () => {
  const ceiling = 1 + Math.log(8);
  const scores = [8 * (ceiling - Math.log(8)), 4 * (ceiling - Math.log(4)), ceiling];
  const sum = scores[0] + 3 * scores[1] + 0.5 * scores[2];
  expect(stepShares(pins)(Uint32Array.of(0, 1, 2), Float32Array.of(1, 3, 0.5), 100_000)).toEqual([
    Math.round((100_000 * scores[0]) / sum),
    Math.round((100_000 * 3 * scores[1]) / sum),
    Math.round((100_000 * 0.5 * scores[2]) / sum),
  ]);
});

it('gives better linked pins more steps, but less than in proportion', () => {
  const [most, some, few] = equally([0, 1, 2], 10_000);
  expect(most).toBeGreaterThan(some);
  expect(some).toBeGreaterThan(few);
  expect(most / some).toBeLessThan(2);
  expect(some / few).toBeLessThan(4);
});

it('gives the best linked pin steps too, every linked pin one at least, and an unlinked one none', () => {
  expect(equally([0], 500)).toEqual([500]);
  expect(equally([3, 0], 500)).toEqual([0, 500]);
  expect(stepShares(pins)(Uint32Array.of(0, 2), Float32Array.of(1, 1e-9), 500)).toEqual([500, 1]);
  expect(stepShares(pins)(Uint32Array.of(0, 2), Float32Array.of(1, 0), 500)).toEqual([500, 0]);
  expect(equally([3], 500)).toEqual([0]);
});

it('keeps to the budget whatever the scale of the weights', () => {
  for (const scale of [0.001, 1, 1000]) {
    const shares = stepShares(pins)(Uint32Array.of(0, 1), new Float32Array(2).fill(scale), 1000);
    expect(shares).toEqual(equally([0, 1], 1000));
  }
});
