import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../../../src/graph/graph.js';
import { openBackend } from '../../../src/model/backends.js';
import { encodeNodes } from '../../../src/model/board-features.js';
import { fitFeatures } from '../../../src/model/features.js';
import { initialWeights } from '../../../src/model/initial-weights.js';
import { type PartialPinSageSpec, pinSageSpec } from '../../../src/model/spec.js';
import { walksOf } from '../../../src/model/walks.js';
import type { Weights } from '../../../src/model/weights.js';
import { nodeNeighbourhoods } from '../../../src/sampling/board-neighbourhoods.js';
import { mineHardNegatives } from '../../../src/sampling/hard-negatives.js';
import { besideEachOther, relationNeighbourhoods } from '../../../src/sampling/relation-neighbourhoods.js';
import { type WalkPool, walkPool } from '../../../src/sampling/pool.js';
import { negativeChances } from '../../../src/training/batch-targets.js';
import { type BoardBatch, epochBatches } from '../../../src/training/epoch-batches.js';
import { towerTrainer } from '../../../src/training/towers/tower-trainer.js';
import { soleTrainer, type Trainer, type TrainingData } from '../../../src/training/trainer.js';
import { plantedGraph } from '../planted-graph.js';
import { withSessions } from '../planted-relation.js';

const seed = 5;
const small = {
  features: { width: 16, textBuckets: 256, idBuckets: 128 },
  hidden: 16,
  dimension: 12,
  neighbours: 5,
  steps: 60,
  folds: 1,
  negatives: 20,
  hardNegatives: 2,
  batchSize: 50,
  // The last batch has a single pair, so that a tower is left without any.
  pairsPerEpoch: 101,
} as const;

let graph: Graph;
let pool: WalkPool;
beforeAll(async () => {
  await openBackend('wasm');
  graph = plantedGraph();
  pool = walkPool(graph.topology, { threads: 0 });
});
afterAll(() => pool.close());

async function prepared(partial: PartialPinSageSpec, text = true, related = false) {
  const spec = pinSageSpec({ ...small, ...partial });
  const known = related ? withSessions(graph) : graph;
  const held = text ? known : { ...known, pinAttributes: { names: [], get: () => null } };
  const fit = await fitFeatures(held, spec.features, seed);
  const walks = walksOf(spec, seed, 0);
  const others = await relationNeighbourhoods(held.relations, walks, { threads: 0 });
  const walked = besideEachOther(await nodeNeighbourhoods(pool, walks), others);
  const neighbourhoods = Array.from({ length: spec.folds }, () => [walked]);
  const pins = Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin);
  const hardNegatives = await mineHardNegatives(
    pool,
    pins.filter((pin) => pin % 30 < 28),
    { seed },
  );
  const batches: BoardBatch[] = [];
  // The third epoch has two hard negatives a query.
  for await (const batch of epochBatches(graph.topology, pool, { spec, epoch: 3, seed, neighbourhoods, hardNegatives }))
    batches.push(batch);
  const data: TrainingData = {
    topology: graph.topology,
    spec,
    features: fit.features,
    inputs: encodeNodes(held, spec, fit),
    chances: negativeChances(graph.topology, spec),
    seed,
  };
  return { data, batches, start: { weights: initialWeights(spec, fit, seed), steps: 0 } };
}

/** Losses of the batches, and Adam's first moments after them, which are sums of the gradients. */
async function trained(trainer: Trainer, batches: readonly BoardBatch[], learningRate: number) {
  try {
    const losses: number[] = [];
    for (const batch of batches) losses.push(await trainer.step(batch, learningRate));
    return { losses, ...(await trainer.state()) };
  } finally {
    await trainer.close();
  }
}

function expectClose(found: Weights, wanted: Weights): void {
  for (const [name, { values }] of wanted) {
    const other = found.get(name)?.values as Float32Array;
    const size = Math.hypot(...values);
    const distance = Math.hypot(...values.map((value, i) => value - other[i]));
    expect(distance, name).toBeLessThanOrEqual(1e-5 * size);
  }
}

describe.each([
  ['two towers, softmax over text', 2, {}, true],
  [
    'three towers, two layers of sums',
    3,
    { aggregator: 'linear', features: { ...small.features, ids: 'always' } },
    true,
  ],
  [
    'three towers, three layers, max-margin with pin queries over ids',
    3,
    { layers: 3, loss: 'max-margin', query: 'pin', normalise: false, inBatchNegatives: false },
    false,
  ],
  ['three towers, mean pooling', 3, { pooling: 'mean' }, true],
  [
    'two towers, words without neighbours, some dropped',
    2,
    { aggregator: 'linear', layers: 0, features: { ...small.features, wordDropout: 0.5 } },
    true,
  ],
  [
    'two towers, cross-entropy after max pooling, some ids dropped',
    2,
    { pooling: 'max', loss: 'cross-entropy', features: { ...small.features, ids: 'always', idDropout: 0.5 } },
    true,
  ],
  [
    'three towers, a transformer over text',
    3,
    { aggregator: 'transformer', boardNeighbours: 6, folds: 2, pairsPerEpoch: 102 },
    true,
  ],
  [
    'two towers, a transformer over ids',
    2,
    { aggregator: 'transformer', boardNeighbours: 6, folds: 2, pairsPerEpoch: 102 },
    false,
  ],
  ['three towers, convolutions over two graphs', 3, {}, true, true],
  [
    'two towers, sums over two graphs',
    2,
    { aggregator: 'linear', features: { ...small.features, ids: 'always' } },
    true,
    true,
  ],
  // Companions are most of the pins that such a batch holds.
  [
    'two towers, many companions and no neighbours',
    2,
    { aggregator: 'linear', layers: 0, queryPins: 50, pinsPerBoard: 2, batchSize: 4, negatives: 3, hardNegatives: 0 },
    true,
  ],
  ['two towers, max pooling over two graphs', 2, { pooling: 'max' }, true, true],
] as [string, number, PartialPinSageSpec, boolean, boolean?][])('%s', (_, towers, partial, text, related) => {
  it('give the losses and gradients of one tower', async () => {
    const { data, batches, start } = await prepared(partial, text, related);
    // At a rate of almost nothing all batches are met with the same weights.
    const one = await trained(soleTrainer(data, start), batches, 1e-12);
    expect(batches.at(-1)?.boards).toHaveLength(1);
    const many = await trained(towerTrainer(data, start, towers), batches, 1e-12);
    many.losses.forEach((loss, i) => expect(Math.abs(loss / one.losses[i] - 1)).toBeLessThan(1e-5));
    expectClose(many.moments, one.moments);
  });
});

it('gives the same bits each time, and learns as one tower does', async () => {
  const { data, batches, start } = await prepared({});
  const many = [...batches, ...batches, ...batches];
  const first = await trained(towerTrainer(data, start, 2), many, 0.01);
  const again = await trained(towerTrainer(data, start, 2), many, 0.01);
  expect(again.losses).toEqual(first.losses);
  for (const [name, { values }] of first.weights) expect(again.weights.get(name)?.values).toEqual(values);
  const one = await trained(soleTrainer(data, start), many, 0.01);
  first.losses.forEach((loss, i) => expect(Math.abs(loss / one.losses[i] - 1)).toBeLessThan(1e-3));
});

it('ends with an error where a tower fails, and leaves no other waiting', async () => {
  const { data, batches, start } = await prepared({});
  const trainer = towerTrainer(data, start, 2);
  const broken = { ...batches[0], batch: { ...batches[0].batch, queries: Int32Array.of(-1) } };
  await expect(trainer.step(broken, 0.01)).rejects.toMatchObject({ code: 'interrupted' });
  await trainer.close();
});
