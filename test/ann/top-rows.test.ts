import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TopK } from '../../src/ann/top-rows.js';

it('keeps the best rows in order, however they are offered', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }),
      fc.nat(30),
      fc.integer(),
      (scores, limit, seed) => {
        const expected = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, limit);
        const order = [...scores.keys()].sort((a, b) => Math.sin(seed + a * 7) - Math.sin(seed + b * 7));
        const top = new TopK(limit);
        for (const row of order) top.offer(row, scores[row]);
        const { rows, scores: kept } = top.take();
        expect([...rows]).toEqual(expected);
        expect([...kept]).toEqual(expected.map((row) => scores[row]));
      },
    ),
  );
});
