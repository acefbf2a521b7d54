import { beforeAll, expect, it } from 'vitest';
import { openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { type PartialPinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import type { PinSageModel } from '../../src/model/weights.js';
import { warmWeights } from '../../src/training/warm-weights.js';
import { plantedGraph } from './planted-graph.js';

const small = { features: { width: 8, textBuckets: 64 }, hidden: 12, dimension: 6 } as const;

beforeAll(async () => void (await openBackend('wasm')));

function model(partial: PartialPinSageSpec): PinSageModel {
  const spec = pinSageSpec({ ...small, ...partial });
  const fit = fitFeatures(plantedGraph(), spec.features, 1);
  return { spec, features: fit.features, weights: initialWeights(spec, fit, 1) };
}

it('takes over the weights of a transformer', () => {
  const older = model({ aggregator: 'transformer' });
  const weights = warmWeights(older, pinSageSpec({ ...small, aggregator: 'transformer', epochs: 1 }), 2);
  expect([...weights.keys()]).toEqual([...older.weights.keys()]);
  for (const [name, { values }] of older.weights) expect(weights.get(name)?.values, name).toBe(values);
});

it.each([
  ['another aggregator', 'aggregator', { aggregator: 'convolution' }],
  ['heads that share out the same columns otherwise', 'heads', { aggregator: 'transformer', heads: 6 }],
] as const)('refuses weights for %s', (_, field, partial) => {
  const spec = pinSageSpec({ ...small, ...partial });
  expect(() => warmWeights(model({ aggregator: 'transformer' }), spec, 2)).toThrow(
    expect.objectContaining({ code: 'mismatch', subject: { field } }),
  );
});
