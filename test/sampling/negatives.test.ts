import { expect, it } from 'vitest';
import { random } from '../../src/random.js';
import { cumulativeChances, drawPin } from '../../src/sampling/negatives.js';
import { chiSquare, chiSquareBound } from './chi-square.js';
import { topologyOf } from './small-graphs.js';

const { pins } = topologyOf(5, [[0, 1], [0, 1], [0, 2], [0], [0, 4]]);
const degrees = [5, 2, 1, 0, 1];
const draws = 40_000;

function drawn(distribution: 'uniform' | 'degree'): number[] {
  const chances = cumulativeChances(pins, distribution);
  const source = random(17);
  const counts = new Array<number>(5).fill(0);
  for (let i = 0; i < draws; i++) counts[drawPin(chances, source)]++;
  return counts;
}

// With 40,000 draws, an effect of w = .04 is found in over 99 of 100 cases.
it('draws every pin alike, one without boards too', () => {
  const { statistic, df } = chiSquare(drawn('uniform'), new Array<number>(5).fill(draws / 5));
  expect(statistic).toBeLessThan(chiSquareBound(df));
});

it('draws by degree to the power of .75, and never a pin without boards', () => {
  const sum = degrees.reduce((total, degree) => total + degree ** 0.75, 0);
  const against = (exponent: number): { statistic: number; df: number } =>
    chiSquare(
      drawn('degree'),
      degrees.map((degree) => (draws * degree ** exponent) / sum),
    );
  expect(against(0.75).df).toBe(3);
  expect(against(0.75).statistic).toBeLessThan(chiSquareBound(3));
  expect(against(1).statistic).toBeGreaterThan(chiSquareBound(3));
  expect(drawn('degree')[3]).toBe(0);
});
