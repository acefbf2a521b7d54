import { expect, it } from 'vitest';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { pinSageSpec } from '../../src/model/spec.js';
import { plantedGraph } from '../training/planted-graph.js';

it('starts no thread that would have nothing to do', async () => {
  const backend = await openBackend('wasm');
  const graph = plantedGraph();
  const spec = pinSageSpec({ features: { width: 8 }, hidden: 8, dimension: 8, neighbours: 4, steps: 40 });
  const fit = await fitFeatures(graph, spec.features, 1);
  const model = { spec, features: fit.features, weights: initialWeights(spec, fit, 1) };
  const alone = await embedPins(graph, model, { backend, seed: 1, threads: 0 });
  let started = 0;
  const count = (): void => void started++;
  process.on('worker', count);
  expect(await embedPins(graph, model, { backend, seed: 1, threads: 64 })).toEqual(alone);
  process.off('worker', count);
  expect(started).toBe(1);
});
