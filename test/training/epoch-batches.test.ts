import { expect, it } from 'vitest';
import { pinSageSpec } from '../../src/model/spec.js';
import { walksOf } from '../../src/model/walks.js';
import { walkPool } from '../../src/sampling/pool.js';
import { epochBatches } from '../../src/training/epoch-batches.js';
import { foldNeighbourhoods } from '../../src/training/folds.js';
import { plantedGraph } from './planted-graph.js';

it('numbers the batches of an epoch through all folds, for draws are keyed by that number', async () => {
  const { topology } = plantedGraph();
  const seed = 3;
  const spec = pinSageSpec({ folds: 3, batchSize: 32, pairsPerEpoch: 300, neighbours: 4, steps: 20 });
  const neighbourhoods = await foldNeighbourhoods(topology, {
    folds: spec.folds,
    walks: [walksOf(spec, seed, 0)],
    related: [],
    threads: 0,
  });
  const pool = walkPool(topology, { threads: 0 });
  try {
    const epoch = epochBatches(topology, pool, { spec, epoch: 1, seed, neighbourhoods, hardNegatives: undefined });
    const numbers: number[] = [];
    for await (const { batch, boards } of epoch) {
      numbers.push(batch.index);
      expect(boards).toHaveLength(batch.queries.length);
    }
    expect(numbers).toEqual([...Array(epoch.count).keys()]);
    expect(epoch.count).toBeGreaterThan(2 * spec.folds);
  } finally {
    await pool.close();
  }
});
