import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hitRateAt, ndcgAt, recallAt, reciprocalRank, scaledReciprocalRank } from '../../src/metrics/ranking.js';

function gain(flags: boolean[]): number {
  return flags.map((hit, r) => (hit ? Math.LN2 / Math.log(r + 2) : 0)).reduce((sum, x) => sum + x, 0);
}

/** The definitions written out over sets and lists, slowly. */
const slow = {
  recall: (ranked: number[], relevant: Set<number>, k: number) =>
    ranked.slice(0, k).filter((pin) => relevant.has(pin)).length / relevant.size,
  ndcg(ranked: number[], relevant: Set<number>, k: number) {
    const ideal = Array<boolean>(Math.min(relevant.size, k)).fill(true);
    return gain(ranked.slice(0, k).map((pin) => relevant.has(pin))) / gain(ideal);
  },
  reciprocal(ranked: number[], relevant: Set<number>) {
    const rank = ranked.findIndex((pin) => relevant.has(pin));
    return rank < 0 ? 0 : 1 / (rank + 1);
  },
};

const lists = fc.record({
  ranked: fc.uniqueArray(fc.nat(40), { maxLength: 30 }),
  relevant: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 20 }),
  k: fc.integer({ min: 1, max: 35 }),
});

describe('ranking metrics', () => {
  it('agree with their definitions', () => {
    fc.assert(
      fc.property(lists, ({ ranked, relevant, k }) => {
        const wanted = new Set(relevant);
        const hits = ranked.map((pin) => (wanted.has(pin) ? 1 : 0));
        expect(recallAt(hits, wanted.size, k)).toBeCloseTo(slow.recall(ranked, wanted, k), 12);
        expect(ndcgAt(hits, wanted.size, k)).toBeCloseTo(slow.ndcg(ranked, wanted, k), 12);
        expect(reciprocalRank(hits)).toBeCloseTo(slow.reciprocal(ranked, wanted), 12);
        expect(hitRateAt(hits, k)).toBe(slow.recall(ranked, wanted, k) > 0 ? 1 : 0);
      }),
    );
  });

  it('divide recall by all relevant pins, not by k', () => {
    expect(recallAt([1, 1], 10, 2)).toBe(0.2);
    expect(ndcgAt([1, 1], 10, 2)).toBe(1);
  });

  it('keep relevant pins outside the list in the denominators', () => {
    expect(recallAt([1, 0, 0], 4, 3)).toBe(0.25);
    expect(ndcgAt([1, 0, 0], 2, 3)).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
  });

  it('scale the reciprocal rank in steps of a hundred', () => {
    expect([1, 100, 101, 200, 201, 2_000].map((rank) => scaledReciprocalRank(rank))).toEqual([
      1,
      1,
      1 / 2,
      1 / 2,
      1 / 3,
      1 / 20,
    ]);
  });
});
