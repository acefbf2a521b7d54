import { expect, it } from 'vitest';
import { uncertaintyOf } from '../../src/evaluation/uncertainty.js';
import { random } from '../../src/random.js';

const stream = random(3);
const cases = 400;
const hardness = Float64Array.from({ length: cases }, () => stream.normal());
/** Two measures a case; what is hard is hard for all, so only paired differences can tell methods apart. */
const method = (lead: number): Float64Array =>
  Float64Array.from({ length: 2 * cases }, (_, i) => hardness[i >> 1] + lead + 0.05 * stream.normal());

it('tells methods apart by paired differences where their intervals overlap', () => {
  const figures = new Map([
    ['worse', method(0)],
    ['best', method(0.02)],
    ['same', method(0.0199)],
  ]);
  const { intervals, comparisons } = uncertaintyOf(figures, ['recall@20', 'mrr'], 1);
  const of = (other: string) => comparisons.filter((one) => one.other === other);
  expect(intervals.worse['recall@20'][1]).toBeGreaterThan(intervals.best['recall@20'][0]);
  for (const one of of('worse')) {
    expect(one.p).toBeLessThan(0.05);
    expect(one.interval[0]).toBeGreaterThan(0);
  }
  expect(comparisons.filter(({ p }) => p >= 0.05).length).toBeGreaterThan(0);
  for (const { interval, difference } of comparisons) {
    expect(interval[0]).toBeLessThanOrEqual(difference);
    expect(interval[1]).toBeGreaterThanOrEqual(difference);
  }
});

it('is less sure of cases that come in clusters, and says nothing of a single cluster', () => {
  // Twenty cases that stand eight times each.
  const figures = new Map([['one', Float64Array.from({ length: 160 }, (_, i) => hardness[i % 20])]]);
  const width = (clusters?: Uint32Array): number => {
    const [low, high] = uncertaintyOf(figures, ['mrr'], 1, clusters).intervals.one.mrr;
    return high - low;
  };
  expect(width(Uint32Array.from({ length: 160 }, (_, i) => i % 20))).toBeGreaterThan(2 * width());
  expect(uncertaintyOf(figures, ['mrr'], 1, new Uint32Array(160)).intervals).toEqual({});
});

it('says nothing of a single case', () => {
  expect(uncertaintyOf(new Map([['one', Float64Array.of(1)]]), ['mrr'], 1)).toEqual({ intervals: {}, comparisons: [] });
});
