import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nthLargest } from '../../src/candidates/nth-largest.js';
import { topListed, topPins } from '../../src/candidates/top-pins.js';

const columns = fc.array(fc.integer({ min: -3, max: 6 }), { maxLength: 60 });

/** Sorted whole. */
function slowTop(scores: number[], limit: number, floor: number): [number, number][] {
  return scores
    .map((score, pin): [number, number] => [pin, score])
    .filter(([, score]) => score > floor)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, limit);
}

describe('the best pins', () => {
  it('are those of a whole sort, ties by dense index', () => {
    fc.assert(
      fc.property(columns, fc.nat(70), fc.constantFrom(0, Number.NEGATIVE_INFINITY), (scores, limit, floor) => {
        const { pins, scores: kept } = topPins(Float32Array.from(scores), limit, floor);
        expect([...pins].map((pin, i) => [pin, kept[i]])).toEqual(slowTop(scores, limit, floor));
      }),
    );
  });

  it('of a list in any order are the same', () => {
    const listed = Uint32Array.of(9, 4, 7, 1);
    const { pins, scores } = topListed(listed, Float32Array.of(1, 2, 2, 0), 3);
    expect([...pins]).toEqual([4, 7, 9]);
    expect([...scores]).toEqual([2, 2, 1]);
  });
});

describe('the n-th largest value', () => {
  it('is that of a whole sort', () => {
    fc.assert(
      fc.property(
        columns.filter((values) => values.length > 0),
        fc.nat(),
        (values, seed) => {
          const n = 1 + (seed % values.length);
          expect(nthLargest(Float32Array.from(values), n)).toBe(values.toSorted((a, b) => b - a)[n - 1]);
        },
      ),
    );
  });
});
