import { describe, expect, it } from 'vitest';
import { exposureAt } from '../../src/metrics/exposure.js';

const degrees = Uint32Array.of(9, 0, 0, 3, 0, 1, 0, 0, 0, 0);

describe('exposure', () => {
  it('counts each pin once for coverage, and no place beyond the cut-off', () => {
    const lists = [
      [1, 2, 3],
      [2, 3, 4],
      [0, 1],
    ];
    expect(exposureAt(lists, degrees, 1).coverage).toBe(0.3);
    expect(exposureAt(lists, degrees, 3).coverage).toBe(0.5);
  });

  it('knows the most popular tenth and how popular the pins are that it shows', () => {
    const { headShare, logPopularity } = exposureAt(
      [
        [0, 3],
        [0, 5],
      ],
      degrees,
      2,
    );
    expect(headShare).toBe(0.5);
    expect(logPopularity).toBeCloseTo((2 * Math.log(10) + Math.log(4) + Math.log(2)) / 4, 12);
  });

  it('has a Gini index of 0 where all are shown alike, and nearly 1 where one takes all', () => {
    const every = [...degrees.keys()];
    expect(exposureAt([every], degrees, 10).gini).toBeCloseTo(0, 12);
    expect(exposureAt([[4], [4], [4]], degrees, 1).gini).toBeCloseTo(0.9, 12);
  });

  it('is nothing where nothing is shown', () => {
    expect(exposureAt([], degrees, 5)).toEqual({ logPopularity: 0, headShare: 0, gini: 0, coverage: 0 });
  });
});
