import { expect, it } from 'vitest';
import { driftBetween, driftText } from '../../src/embedding/drift.js';
import { random } from '../../src/random.js';
import type { EmbeddingTable } from '../../src/embedding/table.js';

function table(pinIds: string[], vectors: number[], dimension = 2): EmbeddingTable {
  return { modelId: 'm', graphId: 'g', dimension, metric: 'cosine', pinIds, vectors: Float32Array.from(vectors) };
}

it('counts new and lost pins and measures the turn of common ones', () => {
  const before = table(['a', 'b', 'c'], [1, 0, 0, 1, 1, 0]);
  const after = table(['b', 'd', 'a'], [0, 2, 1, 1, 0, 1]);
  expect(driftBetween(before, after)).toMatchObject({
    previous_model_id: 'm',
    previous_graph_id: 'g',
    common_pins: 2,
    new_pins: 1,
    lost_pins: 1,
    mean_cosine: 0.5,
    moved_share: 0.5,
    cosine_quantiles: { 0.01: 0, 0.9: 0 },
  });
});

it('compares no vectors of different dimensions', () => {
  const drift = driftBetween(table(['a'], [1, 0]), table(['a'], [1, 0, 0], 3));
  expect(drift).toMatchObject({ common_pins: 1, mean_cosine: null, moved_share: null });
});

it('sees through a turn of the whole table, which changes no list', () => {
  const dimension = 8;
  const source = random(3);
  const ids = Array.from({ length: 60 }, (_, pin) => `pin ${pin}`);
  const values = Array.from({ length: 60 * dimension }, () => source.normal());
  // Householder's reflection along a random direction is orthogonal.
  const along = Array.from({ length: dimension }, () => source.normal());
  const square = along.reduce((sum, each) => sum + each * each, 0);
  const reflected = values.map((value, at) => {
    const row = at - (at % dimension);
    const product = along.reduce((sum, each, i) => sum + each * values[row + i], 0);
    return value - (2 * product * along[at % dimension]) / square;
  });
  const turned = driftBetween(table(ids, values, dimension), table(ids, reflected, dimension));
  expect(turned.mean_cosine).toBeLessThan(0.9);
  expect(turned.aligned_mean_cosine).toBeCloseTo(1, 4);
  expect(turned.neighbour_overlap).toBe(1);

  const other = values.map(() => source.normal());
  const unrelated = driftBetween(table(ids, values, dimension), table(ids, other, dimension));
  expect(unrelated.aligned_mean_cosine).toBeLessThan(0.7);
  expect(unrelated.neighbour_overlap).toBeLessThan(0.4);
});

/** Share of the ten pins of largest inner product that two tables agree on; the plain way. */
function overlap(before: number[], after: number[], dimension: number): number {
  const nearest = (values: number[]): Set<number>[] => {
    const rows = Array.from({ length: values.length / dimension }, (_, row) =>
      values.slice(row * dimension, (row + 1) * dimension),
    );
    return rows.map((row, self) => {
      const scored = rows.map((other, at) => ({ at, score: other.reduce((sum, value, i) => sum + value * row[i], 0) }));
      const others = scored.filter(({ at }) => at !== self).toSorted((a, b) => b.score - a.score);
      return new Set(others.slice(0, 10).map(({ at }) => at));
    });
  };
  const [old, fresh] = [nearest(before), nearest(after)];
  return old.reduce((sum, set, row) => sum + [...set].filter((at) => fresh[row].has(at)).length / 10, 0) / old.length;
}

it('judges neighbours by the metric of the tables, and says how lengths changed', () => {
  const dimension = 8;
  const source = random(5);
  const ids = Array.from({ length: 80 }, (_, pin) => `pin ${pin}`);
  const values = Array.from({ length: 80 * dimension }, () => Math.fround(source.normal()));
  // Every second vector becomes ten times as long.
  const longer = values.map((value, at) => Math.fround(Math.floor(at / dimension) % 2 === 1 ? 10 * value : value));
  const under = (metric: 'ip' | 'cosine') =>
    driftBetween({ ...table(ids, values, dimension), metric }, { ...table(ids, longer, dimension), metric });
  const byProduct = under('ip');
  expect(byProduct.mean_cosine).toBeCloseTo(1, 6);
  expect(byProduct.neighbour_overlap).toBeCloseTo(overlap(values, longer, dimension), 9);
  expect(byProduct.neighbour_overlap).toBeLessThan(0.7);
  expect(byProduct.length_ratio_quantiles?.['0.25']).toBeCloseTo(1, 5);
  expect(byProduct.length_ratio_quantiles?.['0.75']).toBeCloseTo(10, 5);
  expect(driftText(byProduct)).toContain('10.00 at the 90th percentile');
  expect(under('cosine').neighbour_overlap).toBe(1);
});

/** Vectors of chance; of the first `same` pins all are like `fill`. */
function partly(seed: number, same: number, fill: readonly number[]): number[] {
  const source = random(seed);
  const values = Array.from({ length: 100 * fill.length }, () => source.normal());
  for (let at = 0; at < same * fill.length; at++) values[at] = fill[at % fill.length];
  return values;
}
const hundred = Array.from({ length: 100 }, (_, pin) => `pin ${pin}`);

it('counts vectors of zeros, and lets them say nothing', () => {
  const [before, after] = [1, 2].map((seed) => table(hundred, partly(seed, 60, Array(8).fill(0)), 8));
  const unrelated = driftBetween(before, after);
  expect(unrelated).toMatchObject({ common_pins: 100, zero_pins: 60 });
  expect(unrelated.neighbour_overlap).toBeLessThan(0.45);
  const [few, others] = [1, 2].map((seed) =>
    table(hundred.slice(60), partly(seed, 60, Array(8).fill(0)).slice(480), 8),
  );
  expect(driftBetween(few, others)).toEqual({ ...unrelated, common_pins: 40, zero_pins: 0 });
  expect(driftText(unrelated)).toContain('60 with a vector of zeros');

  const same = driftBetween(before, before);
  expect(same.mean_cosine).toBeCloseTo(1, 6);
  expect(same.aligned_mean_cosine).toBeCloseTo(1, 4);
  expect(same).toMatchObject({ moved_share: 0, neighbour_overlap: 1 });
  const zeros = driftBetween(table(['a', 'b'], [0, 0, 1, 0]), table(['a', 'b'], [1, 0, 0, 0]));
  expect(zeros).toMatchObject({ zero_pins: 2, mean_cosine: null, length_ratio_quantiles: null });
});

it('does not judge pins whose nearest could as well be others', () => {
  const fill = [1, 2, 3, 4, 5, 6, 7, 8];
  const [before, after] = [1, 2].map((seed) => table(hundred, partly(seed, 60, fill), 8));
  const unrelated = driftBetween(before, after).neighbour_overlap;
  expect(unrelated).toBeLessThan(0.45);
  expect(driftBetween(before, before).neighbour_overlap).toBe(1);
  const alike = table(hundred, partly(1, 100, fill), 8);
  expect(driftBetween(alike, alike)).toMatchObject({ mean_cosine: expect.closeTo(1, 6), neighbour_overlap: null });
});
