import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { evenQuery } from '../../../src/candidates/candidate-source.js';
import { vectorSource } from '../../../src/candidates/vector-source.js';
import { embedPins } from '../../../src/embedding/embed-pins.js';
import { neighboursOf, pinsWithoutBoards } from '../../../src/graph/graph.js';
import { openBackend } from '../../../src/model/backends.js';
import { pinSageSpec, sumsDefaults } from '../../../src/model/spec.js';
import type { PinSageModel } from '../../../src/model/weights.js';
import { validationHoldout } from '../../../src/pipeline/holdout/validation-holdout.js';
import { trainSpec } from '../../../src/pipeline/spec/train-spec.js';
import { trainOnWhole } from '../../../src/pipeline/weights/train-on-whole.js';
import { silentProgress } from '../../../src/progress.js';
import { trainPinSage } from '../../../src/training/train-pinsage.js';
import { readTrainingLog } from '../../../src/training/training-log.js';
import { plantedGraph } from '../../training/planted-graph.js';

const directory = mkdtempSync(join(tmpdir(), 'boardwalk-train-whole-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('brings pins that were hidden from training to their boards, and lets the log go on', async () => {
  const graph = plantedGraph({ communities: 6, pinsEach: 30, boardsEach: 30 });
  const backend = await openBackend('wasm');
  const spec = pinSageSpec(
    {
      features: { textBuckets: 0, logDegree: false, width: 16 },
      dimension: 16,
      neighbours: 5,
      steps: 50,
      negatives: 32,
      batchSize: 64,
      pairsPerEpoch: 512,
      epochs: 3,
      wholeEpochs: 2,
    },
    sumsDefaults,
  );
  const validation = { ...trainSpec().validation, coldPinFraction: 0.1 };
  const holdout = validationHoldout(graph, { validation }, 1);
  const cold = pinsWithoutBoards(holdout.graph.topology.pins);
  expect(cold.length).toBeGreaterThan(10);
  const options = { backend, seed: 1, directory, threads: 0 };
  const heldOut = await trainPinSage(holdout.graph, { ...options, spec, validation: holdout.hidden });
  const steps = readTrainingLog(directory).at(-1)?.step as number;
  const whole = await trainOnWhole(graph, heldOut, options);

  /** How many pins a board's other pins are liker to than a pin that was hidden, on average over its boards. */
  const passed = async (model: PinSageModel): Promise<number> => {
    const source = vectorSource({ dimension: 16, vectors: await embedPins(graph, model, { backend, seed: 1 }) });
    const every = Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin);
    const places = Array.from(cold).flatMap((pin) =>
      Array.from(neighboursOf(graph.topology.pins, pin), (board) => {
        const own = neighboursOf(graph.topology.boards, board);
        const scores = source.score(evenQuery(own.filter((other) => other !== pin)), every);
        return scores.filter((score, other) => score > scores[pin] && !own.includes(other)).length;
      }),
    );
    return places.reduce((sum, place) => sum + place, 0) / places.length;
  };
  const [before, after] = [await passed(heldOut), await passed(whole)];
  expect(after).toBeLessThan(0.7 * before);
  expect(whole.spec).toEqual(spec);
  const log = readTrainingLog(directory);
  expect(log.at(-1)).toMatchObject({ step: steps + 2 * 8, epoch: 5 });
  // The last record of an epoch holds its mean, and no hit rate where nothing was hidden.
  const last = log.filter(({ epoch }) => epoch === 5);
  const mean = last.slice(0, -1).reduce((sum, { loss }) => sum + loss / (last.length - 1), 0);
  expect(last).toHaveLength(8 + 1);
  expect(last[8].loss).toBeCloseTo(mean, 9);
  expect(last.every(({ hit_rate }) => hit_rate === undefined)).toBe(true);

  // Done once more, as by a run that was stopped just after, it leaves the same.
  await trainOnWhole(graph, heldOut, { ...options, resume: true });
  expect(readTrainingLog(directory)).toEqual(log);
});

it('trains as many epochs more as it did before at most, and says so', async () => {
  const graph = plantedGraph({ communities: 2, pinsEach: 10, boardsEach: 10 });
  const backend = await openBackend('wasm');
  const sizes = { features: { textBuckets: 0, width: 8 }, dimension: 8, steps: 20, negatives: 8, pairsPerEpoch: 32 };
  const spec = pinSageSpec({ ...sizes, epochs: 1, wholeEpochs: 3 }, sumsDefaults);
  const validation = { boards: new Uint32Array(), pins: new Uint32Array() };
  const notes: string[] = [];
  const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
  const options = { backend, seed: 1, directory: join(directory, 'short'), threads: 0 };
  const first = await trainPinSage(graph, { ...options, spec, validation });
  await trainOnWhole(graph, first, { ...options, progress });
  expect(notes[0]).toMatch(/hidden; wholeEpochs, 3, is held to epochs, 1$/);
  expect(readTrainingLog(join(directory, 'short', 'whole')).at(-1)?.epoch).toBe(1);
});

it('trains no more where the spec asks for nothing', async () => {
  const graph = plantedGraph({ communities: 2, pinsEach: 10, boardsEach: 10 });
  const backend = await openBackend('wasm');
  const model = { spec: pinSageSpec({ wholeEpochs: 0 }), features: {}, weights: new Map() } as unknown as PinSageModel;
  expect(await trainOnWhole(graph, model, { backend, seed: 1, directory })).toBe(model);
});
