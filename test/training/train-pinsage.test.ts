import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { type Graph, neighboursOf } from '../../src/graph/graph.js';
import { withoutEdges } from '../../src/graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../../src/graph/split.js';
import { type Backend, openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { openPinSage } from '../../src/model/model-file.js';
import { type PinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import type { PinSageModel } from '../../src/model/weights.js';
import { Adam } from '../../src/training/adam.js';
import { bestWeightsPath, checkpointPath, openCheckpoint } from '../../src/training/checkpoint.js';
import { divergedBatchPath } from '../../src/training/diverged-batch.js';
import { trainPinSage } from '../../src/training/train-pinsage.js';
import { silentProgress } from '../../src/progress.js';
import { readTrainingLog } from '../../src/training/training-log.js';
import { heldOutRecall, validationBoards } from '../../src/training/validation.js';
import { plantedGraph } from './planted-graph.js';
import { withSessions } from './planted-relation.js';

const spec = pinSageSpec({
  features: { width: 16, characterGrams: 0, textBuckets: 512, idBuckets: 512 },
  hidden: 16,
  dimension: 16,
  neighbours: 5,
  steps: 60,
  negatives: 40,
  hardNegatives: 1,
  batchSize: 64,
  pairsPerEpoch: 256,
  epochs: 4,
  patience: 4,
  learningRate: 0.01,
  validationRank: 10,
});
const seed = 7;

let backend: Backend;
let directory: string;

beforeAll(async () => {
  backend = await openBackend('wasm');
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'boardwalk-training-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function split(text = true) {
  const whole = plantedGraph({ text, topicShare: 0.3 });
  const hidden = holdOutEdges(whole, { edgeFraction: 0.2, use: 'validation', seed });
  return { graph: withoutEdges(whole, hidden), validation: heldOutPairs(whole, hidden) };
}

function bits(model: PinSageModel): string {
  return JSON.stringify([...model.weights].map(([name, { values }]) => [name, Array.from(values)]));
}

async function hitRate(model: PinSageModel, { graph, validation }: ReturnType<typeof split>): Promise<number> {
  const vectors = await embedPins(graph, model, { backend, seed, threads: 0 });
  return heldOutRecall(10, validationBoards(graph, validation, seed), vectors, spec.dimension);
}

async function untrained({ graph }: ReturnType<typeof split>, of: PinSageSpec): Promise<PinSageModel> {
  const fit = await fitFeatures(graph, of.features, seed);
  return { spec: of, features: fit.features, weights: initialWeights(of, fit, seed) };
}

const sums = {
  aggregator: 'linear',
  layers: 1,
  features: { ...spec.features, ids: 'always', logDegree: false },
} as const;
const transformer = { aggregator: 'transformer', boardNeighbours: 6 } as const;

describe.each([
  ['text', true, {}],
  ['ids alone', false, {}],
  ['ids alone, added up', false, { aggregator: 'linear', features: { ...spec.features, logDegree: false } }],
  ['text by a transformer', true, transformer],
  ['ids alone by a transformer', false, transformer],
] as const)('training on %s', (_, text, changes) => {
  // Without the content path, which alone finds the planted communities' words.
  const graphOnly = pinSageSpec({
    ...spec,
    contentPath: false,
    learningRate: 0.02,
    epochs: 10,
    patience: 10,
    ...changes,
  });

  it('raises the hit rate of held-out pins by a quarter or more', async () => {
    const data = split(text);
    const options = { spec: graphOnly, backend, seed, validation: data.validation, directory, threads: 0 };
    const trained = await trainPinSage(data.graph, options);
    const before = await hitRate(await untrained(data, graphOnly), data);
    const after = await hitRate(trained, data);
    expect(after).toBeGreaterThan(1.25 * before);
  });
});

it.each([
  ['convolutions', {}],
  ['sums', sums],
])('finds more where another graph says more of the same pins: %s', async (_, of) => {
  // Few boards, and nothing else but ids: what sessions say of the communities, boards do not.
  const whole = plantedGraph({ text: false, boardsEach: 3, pinsPerBoard: 8, lonelyEach: 0 });
  const hidden = holdOutEdges(whole, { edgeFraction: 0.3, use: 'validation', seed });
  const data = { graph: withoutEdges(whole, hidden), validation: heldOutPairs(whole, hidden) };
  const learnt = pinSageSpec({ ...spec, learningRate: 0.02, epochs: 20, patience: 20, ...of });
  const train = async (graph: Graph) => {
    const options = { spec: learnt, backend, seed, validation: data.validation, directory, threads: 0 };
    const found = { ...data, graph };
    return hitRate(await trainPinSage(graph, options), found);
  };
  const alone = await train(data.graph);
  expect(await train(withSessions(data.graph, 60))).toBeGreaterThan(1.25 * alone);
});

it('lowers the loss, logs every step and keeps the best epoch', async () => {
  const { graph, validation } = split();
  // Without hard negatives, whose number grows with the epochs and the loss with it.
  const even = pinSageSpec({ ...spec, hardNegatives: 0 });
  const model = await trainPinSage(graph, { spec: even, backend, seed, validation, directory, threads: 0 });
  const records = readTrainingLog(directory);
  const steps = records.filter(({ hit_rate }) => hit_rate === undefined);
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  // Pins of one community cannot be told apart, so the loss has a floor well above 0.
  expect(steps.at(-1)?.loss).toBeLessThan(0.9 * steps[0].loss);
  const rates = records.flatMap(({ hit_rate }) => hit_rate ?? []);
  expect(rates).toHaveLength(4);
  const reopened = openPinSage(bestWeightsPath(directory));
  expect(bits(reopened)).toBe(bits(model));
  expect(await hitRate(reopened, { graph, validation })).toBeCloseTo(Math.max(...rates), 6);
});

it.each([
  ['convolutions', {}],
  ['a transformer', transformer],
])('gives the same bits for the same seed, whatever the threads, and others for another seed: %s', async (_, of) => {
  const { graph, validation } = split();
  const short = pinSageSpec({ ...spec, ...of, epochs: 2 });
  const train = (threads: number, from: number) =>
    trainPinSage(graph, { spec: short, backend, seed: from, validation, directory, threads });
  const first = bits(await train(0, seed));
  expect(bits(await train(2, seed))).toBe(first);
  expect(bits(await train(0, seed + 1))).not.toBe(first);
});

it.each([
  ['convolutions', spec],
  ['a transformer', pinSageSpec({ ...spec, ...transformer })],
  ['sums over two graphs', pinSageSpec({ ...spec, ...sums, traversals: 2 }), true],
] as [string, PinSageSpec, boolean?][])(
  'goes on from an interruption to the same bits as a run that was never stopped: %s',
  async (_, of, related = false) => {
    const { graph: saves, validation } = split();
    const graph = related ? withSessions(saves) : saves;
    const options = { spec: of, backend, seed, validation, directory, threads: 0 };
    const whole = bits(await trainPinSage(graph, options));

    const stop = new AbortController();
    let updates = 0;
    const progress = {
      note() {},
      stage: (title: string) => ({
        update() {
          if (title.startsWith('epoch 2') && ++updates === 2) stop.abort();
        },
        finish() {},
      }),
    };
    await expect(trainPinSage(graph, { ...options, progress, signal: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect(bits(await trainPinSage(graph, { ...options, resume: true }))).toBe(whole);
    expect(readTrainingLog(directory).map(({ step }) => step)).toHaveLength(20);
  },
);

it('trains over new walks in every epoch where the spec asks for them, in as many steps', async () => {
  const { graph, validation } = split();
  const train = (traversals: number) => {
    const walked = pinSageSpec({ ...spec, traversals, epochs: 2 });
    return trainPinSage(graph, { spec: walked, backend, seed, validation, directory, threads: 0 });
  };
  const once = bits(await train(0));
  const steps = readTrainingLog(directory).length;
  const thrice = bits(await train(3));
  expect(readTrainingLog(directory)).toHaveLength(steps);
  expect(thrice).not.toBe(once);
  expect(bits(await train(3))).toBe(thrice);
});

it('stops early where the validation hit rate no longer rises, and says so', async () => {
  const { graph, validation } = split();
  // At a rate of almost nothing no epoch betters the first.
  const still = pinSageSpec({ ...spec, learningRate: 1e-12, epochs: 9, patience: 2 });
  const notes: string[] = [];
  const progress = { ...silentProgress, note: (text: string) => void notes.push(text) };
  await trainPinSage(graph, { spec: still, backend, seed, validation, directory, threads: 0, progress });
  expect(readTrainingLog(directory).flatMap(({ hit_rate }) => hit_rate ?? [])).toHaveLength(3);
  expect(notes.at(-1)).toMatch(
    /^Stopped after epoch 3 of 9, for the last 2 bettered nothing\. The weights of epoch 1 go on: hit rate@\d+ /,
  );
});

it('refuses to resume another run, and a damaged checkpoint', async () => {
  const { graph, validation } = split();
  const short = pinSageSpec({ ...spec, epochs: 1 });
  const options = { spec: short, backend, seed, validation, directory, threads: 0 };
  await expect(trainPinSage(graph, { ...options, resume: true })).rejects.toMatchObject({ code: 'not_found' });
  await trainPinSage(graph, options);
  await expect(trainPinSage(graph, { ...options, seed: 8, resume: true })).rejects.toMatchObject({ code: 'mismatch' });
  const path = join(directory, 'checkpoint.safetensors');
  writeFileSync(path, readFileSync(path).subarray(0, 20_000));
  await expect(trainPinSage(graph, { ...options, resume: true })).rejects.toMatchObject({ code: 'bad_file' });
});

it('ends its threads where it cannot begin', async () => {
  const { graph, validation } = split();
  const options = { spec: pinSageSpec({ ...spec, epochs: 1 }), backend, seed, validation, directory };
  await trainPinSage(graph, { ...options, threads: 0 });
  writeFileSync(join(directory, 'training.jsonl'), 'no log\nno log\n');
  const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = threads();
  await expect(trainPinSage(graph, { ...options, resume: true, threads: 2 })).rejects.toMatchObject({
    code: 'bad_file',
  });
  expect(threads()).toBe(before);
});

it('measures the pace, the wait for batches and the mean loss of an epoch', async () => {
  const { graph, validation } = split();
  const short = pinSageSpec({ ...spec, epochs: 2 });
  await trainPinSage(graph, { spec: short, backend, seed, validation, directory, threads: 0 });
  const records = readTrainingLog(directory);
  for (const { idle_share, pairs_per_second, memory } of records) {
    // Without threads, a batch is made while the trainer waits for it.
    expect(idle_share).toBeGreaterThan(0);
    expect(idle_share).toBeLessThanOrEqual(1);
    expect(pairs_per_second).toBeGreaterThan(0);
    expect(memory).toBeGreaterThan(1e6);
  }
  const losses = records.filter((each) => each.epoch === 2 && each.hit_rate === undefined).map(({ loss }) => loss);
  expect(records.at(-1)?.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 9);
});

it('stops where the loss is no number, names the step and writes its batch', async () => {
  const { graph, validation } = split();
  const wild = pinSageSpec({ ...spec, normalise: false, learningRate: 1e30 });
  const options = { spec: wild, backend, seed, validation, directory, threads: 0 };
  const file = divergedBatchPath(directory);
  await expect(trainPinSage(graph, options)).rejects.toMatchObject({
    code: 'diverged',
    message: expect.stringMatching(/step (\d+) \(epoch 1, batch \1\): its loss is (NaN|Infinity)/),
    subject: { file },
  });
  const { pairs, negatives, inputs, step } = JSON.parse(readFileSync(file, 'utf8'));
  expect(step).toBe(readTrainingLog(directory).length + 1);
  expect(pairs).toHaveLength(wild.batchSize);
  expect(negatives).toHaveLength(wild.negatives);
  for (const { board_id, pin_id, query_pin_id } of pairs) {
    const board = graph.boards.indexOf(board_id);
    const held = neighboursOf(graph.topology.boards, board as number);
    for (const id of [pin_id, query_pin_id]) expect(held).toContain(graph.pins.indexOf(id));
  }
  expect(new Set(inputs.map(({ pin_id }: { pin_id: string }) => pin_id)).size).toBe(inputs.length);
});

it('tells why it failed where closing fails as well', async () => {
  const { graph, validation } = split();
  const dispose = vi.spyOn(Adam.prototype, 'dispose').mockImplementation(() => {
    throw new Error('memory access out of bounds');
  });
  try {
    const wild = pinSageSpec({ ...spec, normalise: false, learningRate: 1e30 });
    const training = trainPinSage(graph, { spec: wild, backend, seed, validation, directory, threads: 0 });
    await expect(training).rejects.toMatchObject({ code: 'diverged' });
    expect(dispose).toHaveBeenCalled();
  } finally {
    dispose.mockRestore();
  }
});

it('stops where the loss explodes, with the last good checkpoint kept', async () => {
  const { graph, validation } = split();
  const wild = pinSageSpec({ ...spec, loss: 'max-margin', normalise: false, learningRate: 2, pairsPerEpoch: 4096 });
  const options = { spec: wild, backend, seed, validation, directory, threads: 0, checkpointSeconds: 0 };
  await expect(trainPinSage(graph, options)).rejects.toMatchObject({
    code: 'diverged',
    message: expect.stringContaining(checkpointPath(directory)),
  });
  const { features } = await fitFeatures(graph, wild.features, seed);
  const { model, position } = openCheckpoint(directory, { spec: wild, features, seed, graphId: graph.id });
  // None is made while the loss is on its way up, and the last one made is not trusted.
  expect(position.steps).toBeLessThan(readTrainingLog(directory).length);
  for (const { values } of model.weights.values()) expect(values.every(Number.isFinite)).toBe(true);
});

describe('where the loss explodes in the steps after an epoch', () => {
  const wild = pinSageSpec({ ...spec, normalise: false, learningRateDecay: 1e7 });
  const stepsEach = spec.pairsPerEpoch / spec.batchSize;
  const options = { spec: wild, seed, threads: 0 };

  async function expectKept({ graph }: ReturnType<typeof split>): Promise<void> {
    const { features } = await fitFeatures(graph, wild.features, seed);
    const { position } = openCheckpoint(directory, { spec: wild, features, seed, graphId: graph.id });
    expect(position).toMatchObject({ steps: stepsEach, epoch: 2, batch: 0, bestEpoch: 1 });
  }
  const diverged = {
    code: 'diverged',
    message: expect.stringContaining(`The last good weights, of step ${stepsEach}, are in `),
  };

  it('keeps the checkpoint of the epoch, which validation has found good', async () => {
    const world = split();
    const { graph, validation } = world;
    for (const resume of [false, true]) {
      await expect(trainPinSage(graph, { ...options, backend, validation, directory, resume })).rejects.toMatchObject(
        diverged,
      );
      await expectKept(world);
    }
  });

  it('goes back to it from one that an interrupted run has made since', async () => {
    const world = split();
    const { graph, validation } = world;
    const stop = new AbortController();
    const stage = (title: string) => ({
      update: () => title.startsWith('epoch 2') && stop.abort(),
      finish() {},
    });
    const run = { ...options, backend, validation, directory };
    const stopped = trainPinSage(graph, { ...run, signal: stop.signal, progress: { note() {}, stage } });
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    await expect(trainPinSage(graph, { ...run, resume: true })).rejects.toMatchObject(diverged);
    await expectKept(world);
  });
});

it('leaves no tensor behind', async () => {
  const { graph, validation } = split();
  const counts: number[] = [];
  const progress = {
    note() {},
    stage: () => ({ update: () => void counts.push(tf.memory().numTensors), finish() {} }),
  };
  const before = tf.memory().numTensors;
  await trainPinSage(graph, { spec, backend, seed, validation, directory, threads: 0, progress });
  expect(tf.memory().numTensors).toBe(before);
  expect(new Set(counts.slice(-8)).size).toBe(1);
});
