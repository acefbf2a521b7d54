import { expect, it } from 'vitest';
import { driftBetween } from '../../src/embedding/drift.js';
import type { EmbeddingTable } from '../../src/embedding/table.js';

function table(pinIds: string[], vectors: number[], dimension = 2): EmbeddingTable {
  return { modelId: 'm', graphId: 'g', dimension, metric: 'cosine', pinIds, vectors: Float32Array.from(vectors) };
}

it('counts new and lost pins and measures the turn of common ones', () => {
  const before = table(['a', 'b', 'c'], [1, 0, 0, 1, 1, 0]);
  const after = table(['b', 'd', 'a'], [0, 2, 1, 1, 0, 1]);
  expect(driftBetween(before, after)).toEqual({
    previous_model_id: 'm',
    previous_graph_id: 'g',
    common_pins: 2,
    new_pins: 1,
    lost_pins: 1,
    mean_cosine: 0.5,
    moved_share: 0.5,
  });
});

it('compares no vectors of different dimensions', () => {
  const drift = driftBetween(table(['a'], [1, 0]), table(['a'], [1, 0, 0], 3));
  expect(drift).toMatchObject({ common_pins: 1, mean_cosine: null, moved_share: null });
});
