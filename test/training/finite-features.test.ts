import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withoutEdges } from '../../src/graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../../src/graph/split.js';
import { type Backend, openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { pinSageSpec } from '../../src/model/spec.js';
import { trainPinSage } from '../../src/training/train-pinsage.js';
import { trainingLogPath } from '../../src/training/training-log.js';
import { plantedGraph } from './planted-graph.js';

const spec = pinSageSpec({ features: { width: 8, textBuckets: 256 }, hidden: 8, dimension: 8, batchSize: 32 });
const whole = plantedGraph();
const hidden = holdOutEdges(whole, { edgeFraction: 0.2, use: 'validation', seed: 1 });
const graph = withoutEdges(whole, hidden);

let backend: Backend;
let directory: string;

beforeAll(async () => {
  backend = await openBackend('wasm');
  directory = mkdtempSync(join(tmpdir(), 'boardwalk-finite-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

it('stops before the first step where a fitted array holds a value that is not finite, and names it', async () => {
  const fit = await fitFeatures(graph, spec.features, 1);
  fit.fitted.get('text.basis')?.values.fill(Number.NaN);
  const from = { spec, features: fit.features, weights: new Map([...initialWeights(spec, fit, 1), ...fit.fitted]) };
  const validation = heldOutPairs(whole, hidden);
  const training = trainPinSage(graph, { spec, backend, seed: 1, validation, directory, threads: 0, from });
  await expect(training).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(/^Training cannot start: the fitted array text\.basis, and so .*"pin 0\/0"/),
  });
  expect(existsSync(trainingLogPath(directory))).toBe(false);
});

it('names the first pin of which a feature column holds no number', async () => {
  const values = new Float32Array(2 * graph.pins.size).fill(1);
  values[2 * 7 + 1] = Number.POSITIVE_INFINITY;
  const broken = { ...graph, features: [{ name: 'price', dimension: 2, values }] };
  const options = { spec, backend, seed: 1, validation: heldOutPairs(whole, hidden), directory, threads: 0 };
  await expect(trainPinSage(broken, options)).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(/feature columns/),
  });
});
