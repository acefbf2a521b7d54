import { expect, it } from 'vitest';
import { pinSageSpec } from '../../src/model/spec.js';
import { trainingBytes } from '../../src/training/training-memory.js';
import { plantedGraph } from './planted-graph.js';

const graph = plantedGraph();
const spec = pinSageSpec({ dimension: 16, batchSize: 100, inBatchNegatives: false });
const more = (changes: Parameters<typeof pinSageSpec>[0]): number =>
  trainingBytes(graph, pinSageSpec({ ...spec, ...changes })) - trainingBytes(graph, spec);

it('counts the vectors of negatives and their scores with every pair of a batch', () => {
  // Two vectors of 16 values, and three values a pair, of 4 bytes.
  expect(more({ negatives: spec.negatives + 1000 })).toBe(1000 * 4 * (2 * 16 + 3 * 100));
  expect(more({ inBatchNegatives: true })).toBe(100 * 4 * (2 * 16 + 3 * 100));
  expect(more({ negatives: 100_000_000 })).toBeGreaterThan(100e9);
});

it('counts no more pairs in a batch than there can be', () => {
  const edges = graph.topology.boards.neighbours.length;
  expect(more({ batchSize: 1e9, pairsPerEpoch: 1e9 })).toBe(more({ batchSize: edges, pairsPerEpoch: 1e9 }));
});
