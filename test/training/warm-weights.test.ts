import { beforeAll, expect, it } from 'vitest';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { type PartialPinSageSpec, type PinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import type { PinSageModel } from '../../src/model/weights.js';
import { fitOf, warmWeights } from '../../src/training/warm-weights.js';
import { plantedGraph } from './planted-graph.js';

const graph = plantedGraph();
const small = { features: { width: 8, textBuckets: 64 }, hidden: 12, dimension: 6 } as const;

beforeAll(async () => void (await openBackend('wasm')));

async function model(partial: PartialPinSageSpec): Promise<PinSageModel> {
  const spec = pinSageSpec({ ...small, ...partial });
  const fit = await fitFeatures(graph, spec.features, 1);
  return { spec, features: fit.features, weights: initialWeights(spec, fit, 1) };
}

const warmed = (from: PinSageModel, spec: PinSageSpec) => warmWeights(from, spec, fitOf(from, graph), 2);

it('takes over the weights of a transformer', async () => {
  const older = await model({ aggregator: 'transformer' });
  const weights = warmed(older, pinSageSpec({ ...small, aggregator: 'transformer', epochs: 1 }));
  expect([...weights.keys()]).toEqual([...older.weights.keys()]);
  for (const [name, { values }] of older.weights) expect(weights.get(name)?.values, name).toBe(values);
});

it.each([
  ['another aggregator', 'aggregator', { aggregator: 'convolution' }],
  ['heads that share out the same columns otherwise', 'heads', { aggregator: 'transformer', heads: 6 }],
] as const)('refuses weights for %s', async (_, field, partial) => {
  const spec = pinSageSpec({ ...small, ...partial });
  const older = await model({ aggregator: 'transformer' });
  expect(() => warmed(older, spec)).toThrow(expect.objectContaining({ code: 'mismatch', subject: { field } }));
});

it('takes them over whatever dropout they were trained with', async () => {
  const features = { ...small.features, ids: 'always' } as const;
  const older = await model({ features });
  const spec = pinSageSpec({ ...small, features: { ...features, idDropout: 0.2, wordDropout: 0.3 } });
  expect(warmed(older, spec).get('ids')?.values).toBe(older.weights.get('ids')?.values);
});

it('keeps the rows of ids that the older model had and begins those of pins that have boards since with 0', async () => {
  const features = { ...small.features, ids: 'always' } as const;
  const older = await model({ features });
  const grown = memoryGraph({
    pins: [...graph.pins.ids(), 'new'],
    boards: ['one'],
    edges: { boards: Uint32Array.of(0, 0), pins: Uint32Array.of(0, graph.pins.size) },
  });
  const [old, rows] = [older.weights.get('ids'), warmWeights(older, older.spec, fitOf(older, grown), 2).get('ids')];
  expect(rows?.shape[0]).toBe((old?.shape[0] ?? 0) + 1);
  expect(rows?.values.subarray(0, old?.values.length)).toEqual(old?.values);
  expect(rows?.values.subarray(old?.values.length).every((value) => value === 0)).toBe(true);
});
