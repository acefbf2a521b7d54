import { describe, expect, it } from 'vitest';
import { judge } from '../../src/evaluation/judge.js';

describe('a pair of related pins', () => {
  const measures = { task: 'related', ks: [2] } as const;
  const catalogue = 40_000;
  const figures = (query: number, relevant: number[]): number[] =>
    judge(
      Uint32Array.of(4, 5, 6),
      { query: Uint32Array.of(query), relevant: Uint32Array.from(relevant), relevantCount: 1 },
      measures,
      catalogue,
    );

  it('has its scaled reciprocal rank, as the last of the catalogue below the depth', () => {
    expect(figures(1, [5])).toEqual([1, 1]);
    expect(figures(1, [6])).toEqual([0, 1]);
    expect(figures(1, [7])).toEqual([0, 1 / 400]);
  });

  it('is missed where its pin is outside the catalogue or is the query itself', () => {
    expect(figures(1, [])).toEqual([0, 0]);
    expect(figures(1, [1])).toEqual([0, 0]);
  });
});
