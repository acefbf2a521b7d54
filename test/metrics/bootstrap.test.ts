import { describe, expect, it } from 'vitest';
import { achievedSignificance, bootstrapMeans, holm, interval95 } from '../../src/metrics/bootstrap.js';
import { random } from '../../src/random.js';

const stream = random(5);
const normal = (count: number): Float64Array => Float64Array.from({ length: count }, () => stream.normal());

describe('the bootstrap', () => {
  it('spreads as the mean of so many cases does', () => {
    const cases = 2_000;
    const [low, high] = interval95(bootstrapMeans(normal(cases), 1, { resamples: 2_000 }));
    expect((high - low) / (2 * 1.96)).toBeCloseTo(1 / Math.sqrt(cases), 2.5);
  });

  it('covers the true mean about 95 times of a hundred', () => {
    const worlds = 400;
    let covered = 0;
    for (let world = 0; world < worlds; world++) {
      const [low, high] = interval95(bootstrapMeans(normal(100), 1, { resamples: 200, seed: world }));
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / worlds).toBeGreaterThan(0.91);
    expect(covered / worlds).toBeLessThan(0.98);
  });

  it('covers it as often where cases of a cluster are alike, which one by one promise too much', () => {
    const [worlds, clusters, each] = [200, 60, 8];
    const numbers = Uint32Array.from({ length: clusters * each }, (_, i) => Math.floor(i / each));
    const covered = { together: 0, apart: 0 };
    for (let world = 0; world < worlds; world++) {
      const means = normal(clusters);
      const values = Float64Array.from(numbers, (cluster) => means[cluster] + 0.5 * stream.normal());
      for (const [how, given] of [
        ['together', numbers],
        ['apart', undefined],
      ] as const) {
        const [low, high] = interval95(bootstrapMeans(values, 1, { resamples: 200, seed: world, clusters: given }));
        if (low <= 0 && high >= 0) covered[how]++;
      }
    }
    expect(covered.together / worlds).toBeGreaterThan(0.87);
    expect(covered.apart / worlds).toBeLessThan(0.7);
  });

  it('draws the same cases for every column, so that a constant difference stays constant', () => {
    const values = normal(50);
    const means = bootstrapMeans(
      Float64Array.from({ length: 100 }, (_, i) => values[i >> 1] + (i % 2 ? 3 : 0)),
      2,
    );
    for (let r = 0; r < means.length; r += 2) expect(means[r + 1] - means[r]).toBeCloseTo(3, 10);
  });

  it('resamples two cases or clusters to means of theirs, never to that of none', () => {
    const clusters = Uint32Array.of(0, 0, 1);
    for (const [low, high] of [
      interval95(bootstrapMeans(Float64Array.of(0.4, 0.6), 1)),
      interval95(bootstrapMeans(Float64Array.of(0.4, 0.4, 0.6), 1, { clusters })),
    ])
      expect([low, high]).toEqual([expect.closeTo(0.4, 9), expect.closeTo(0.6, 9)]);
    expect(bootstrapMeans(new Float64Array(0), 2, { resamples: 3 })).toEqual(new Float64Array(6));
  });

  it('is the same for the same seed and another for another', () => {
    const values = normal(30);
    expect(bootstrapMeans(values, 3, { seed: 4 })).toEqual(bootstrapMeans(values, 3, { seed: 4 }));
    expect(bootstrapMeans(values, 3, { seed: 4 })).not.toEqual(bootstrapMeans(values, 3, { seed: 5 }));
  });
});

describe('significance', () => {
  it('is as small as the resamples can tell where all lie on one side, and 1 in the middle', () => {
    expect(achievedSignificance(new Float64Array(999).fill(0.1))).toBeCloseTo(2 / 1_000, 12);
    expect(achievedSignificance(Float64Array.from({ length: 1_000 }, (_, i) => i - 499.5))).toBe(1);
  });

  it('tells on by the distance from 0 where it is asked to, and never less than that', () => {
    const around = (mean: number): Float64Array => normal(200).map((value) => mean + 0.01 * value);
    const floor = 2 / 201;
    expect(achievedSignificance(around(0.7))).toBe(floor);
    expect(achievedSignificance(around(0.7), true)).toBeLessThan(1e-12);
    for (const mean of [0.036, -0.036]) {
      // .0003 by the normal distribution.
      expect(achievedSignificance(around(mean), true)).toBeGreaterThan(2e-5);
      expect(achievedSignificance(around(mean), true)).toBeLessThan(3e-3);
    }
    expect(achievedSignificance(normal(200), true)).toBeGreaterThan(0.05);
    expect(achievedSignificance(new Float64Array(200), true)).toBe(1);
  });

  it('is corrected after Holm', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
