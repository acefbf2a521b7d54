import { expect, it } from 'vitest';
import { driftBetween } from '../../src/embedding/drift.js';
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
