import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discountPopular } from '../../src/blending/likeness.js';
import type { Adjacency } from '../../src/graph/graph.js';

/** Pins of the given degrees; what they are linked to does not matter here. */
function pinsOf(degrees: readonly number[]): Adjacency {
  const offsets = new Uint32Array(degrees.length + 1);
  degrees.forEach((count, pin) => (offsets[pin + 1] = offsets[pin] + count));
  return { offsets, neighbours: new Uint32Array(offsets[degrees.length]) };
}

const ranked = (probabilities: readonly number[]) =>
  probabilities.map((probability, pin) => ({ pin, probability, provenance: [] }));

test('a pin that is on every board gives way to one that is likelier here than elsewhere', () => {
  const scored = discountPopular(ranked([0.12, 0.02]), pinsOf([13_000, 3]), { exponent: 0.6, boards: 20 });
  expect(scored.map(({ pin }) => pin)).toEqual([1, 0]);
});

test('a pin on a single board does not pass one of thirty that is ten times as probable', () => {
  const scored = discountPopular(ranked([0.05, 0.005]), pinsOf([30, 1]), { exponent: 1, boards: 20 });
  expect(scored.map(({ pin }) => pin)).toEqual([0, 1]);
});

test('with exponent 0 the score is the probability; else it is never above it, and in descending order', () => {
  const pins = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1000)), { minLength: 1 });
  fc.assert(
    fc.property(pins, fc.double({ min: 0, max: 1, noNaN: true }), (rows, exponent) => {
      const input = ranked(rows.map(([probability]) => probability));
      const adjacency = pinsOf(rows.map(([, degree]) => degree));
      for (const { score, probability } of discountPopular(input, adjacency, { exponent: 0, boards: 20 }))
        expect(score).toBe(probability);
      const scored = discountPopular(input, adjacency, { exponent, boards: 20 });
      scored.forEach(({ score, probability }, i) => {
        expect(score).toBeLessThanOrEqual(probability);
        if (i > 0) expect(score).toBeLessThanOrEqual(scored[i - 1].score);
      });
    }),
  );
});
