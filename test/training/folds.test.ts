import { expect, it } from 'vitest';
import { foldNeighbourhoods, foldOf } from '../../src/training/folds.js';
import { plantedGraph } from './planted-graph.js';

it('keeps the boards of a fold out of what its pairs are trained over', async () => {
  const { topology } = plantedGraph();
  const [folds, seed] = [3, 4];
  const walks = { neighbours: 4, boardNeighbours: 6, steps: 40, restart: 0.5, seed, epoch: 0 };
  const found = await foldNeighbourhoods(topology, { folds, walks: [walks], related: [], threads: 0 });
  expect(found).toHaveLength(folds);
  found.forEach(([{ boards }], fold) => {
    const kept = boards?.neighbours.filter((_, i) => boards.weights[i] > 0) ?? new Uint32Array();
    expect(kept.length).toBeGreaterThan(1000);
    expect(new Set(Array.from(kept, (board) => foldOf(board, folds, seed))).has(fold)).toBe(false);
  });
});
