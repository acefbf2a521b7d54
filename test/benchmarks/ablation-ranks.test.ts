import { beforeAll, expect, it } from 'vitest';
import { ranksOf } from '../../benchmarks/ablation/ranks.js';
import type { Case } from '../../src/evaluation/cases.js';
import { openBackend } from '../../src/model/backends.js';
import { random } from '../../src/random.js';

const [pins, dimension] = [40, 6];

beforeAll(async () => {
  await openBackend('wasm');
});

function unitVectors(): Float32Array {
  const source = random(3);
  const vectors = Float32Array.from({ length: pins * dimension }, () => source.normal());
  for (let from = 0; from < vectors.length; from += dimension) {
    const row = vectors.subarray(from, from + dimension);
    const length = Math.hypot(...row);
    row.forEach((value, i) => (row[i] = value / length));
  }
  return vectors;
}

function caseOf(query: number[], relevant: number[]): Case {
  return { query: Uint32Array.from(query), relevant: Uint32Array.from(relevant), relevantCount: relevant.length };
}

it('ranks as sorting the whole catalogue does, with and without a bonus for cold pins', () => {
  const vectors = unitVectors();
  const cold = Uint32Array.of(5, 11, 30);
  const row = (pin: number) => vectors.subarray(pin * dimension, (pin + 1) * dimension);
  const cases = [caseOf([0], [11]), caseOf([1, 2, 3], [5, 7, 39, 8]), caseOf([30], [4, 5])];
  const found = ranksOf({ vectors, dimension, cold }, cases, [0, 0.4]);
  [0, 0.4].forEach((bonus, b) =>
    cases.forEach(({ query, relevant }, i) => {
      const mean = Array.from({ length: dimension }, (_, d) => query.reduce((sum, pin) => sum + row(pin)[d], 0));
      const length = Math.hypot(...mean);
      const scored = Array.from({ length: pins }, (_, pin) => {
        const likeness = mean.reduce((sum, value, d) => sum + value * row(pin)[d], 0) / length;
        return { pin, score: likeness + (cold.includes(pin) ? bonus : 0) };
      }).filter(({ pin }) => !query.includes(pin));
      const order = scored.toSorted((x, y) => y.score - x.score).map(({ pin }) => pin);
      expect(found[b][i]).toEqual(Array.from(relevant, (pin) => order.indexOf(pin) + 1));
    }),
  );
});

it('counts equal pins as before, and ranks nothing for a query without pins or a relevant pin that is known', () => {
  const vectors = new Float32Array(4 * 2).fill(Math.SQRT1_2);
  const cases = [caseOf([0], [2]), caseOf([], [1]), caseOf([3], [3])];
  const [ranks] = ranksOf({ vectors, dimension: 2, cold: new Uint32Array() }, cases, [0]);
  expect(ranks).toEqual([[3], [Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY]]);
});
