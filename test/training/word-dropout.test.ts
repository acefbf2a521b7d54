import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { SparseMatrix } from '../../src/linear/sparse-matrix.js';
import { openBackend } from '../../src/model/backends.js';
import { encodePins, fitFeatures } from '../../src/model/features.js';
import { pinSageSpec } from '../../src/model/spec.js';
import type { MiniBatch } from '../../src/sampling/minibatch.js';
import { negativeChances } from '../../src/training/batch-targets.js';
import { batchInputs, type TrainingData } from '../../src/training/trainer.js';
import { plantedGraph } from './planted-graph.js';

const graph = plantedGraph();
const everyPin = Array.from({ length: graph.pins.size }, (_, pin) => pin);

beforeAll(async () => {
  await openBackend('wasm');
});

async function dataOf(wordDropout: number): Promise<TrainingData> {
  const features = { width: 4, textBuckets: 64, wordDropout, logDegree: false } as const;
  const spec = pinSageSpec({ aggregator: 'linear', layers: 0, features });
  const fit = await fitFeatures(graph, spec.features, 1);
  const inputs = encodePins(graph, spec.features, fit);
  const chances = negativeChances(graph.topology, spec);
  return { topology: graph.topology, spec, features: fit.features, inputs, chances, seed: 1 };
}

/** A batch of some pins, without layers. */
function batchOf(nodes: readonly number[], index = 0): MiniBatch {
  const none = new Int32Array(0);
  const pins = { queries: none, positives: none, negatives: none, hardNegatives: none };
  return { epoch: 1, index, ...pins, nodes: Uint32Array.from(nodes), layers: [] };
}

function wordsIn(data: TrainingData, batch: MiniBatch): SparseMatrix {
  return batchInputs(data, batch).text as SparseMatrix;
}

it('leaves out about the stated share of the words, others in each batch, and keeps the expected sum', async () => {
  const data = await dataOf(0.25);
  const before = data.inputs.text?.values.slice() as Float32Array;
  const draws = Array.from({ length: 40 }, (_, index) => wordsIn(data, batchOf(everyPin, index)).values);
  const shown = draws.flatMap((values) =>
    [...values.keys()].filter((e) => values[e] !== 0).map((e) => values[e] / before[e]),
  );
  for (const scale of shown) expect(scale).toBeCloseTo(4 / 3, 5);
  const total = 40 * before.length;
  // Four standard deviations.
  expect(Math.abs(shown.length / total - 0.75)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / total));
  expect(draws[0]).not.toEqual(draws[1]);
  expect(data.inputs.text?.values).toEqual(before);
});

it('leaves out the same words of a pin whatever rows of the batch are at hand, as for towers', async () => {
  const data = await dataOf(0.5);
  const whole = wordsIn(data, batchOf(everyPin));
  fc.assert(
    fc.property(fc.subarray(everyPin, { minLength: 1 }), (some) => {
      const part = wordsIn(data, batchOf(some));
      some.forEach((pin, row) => {
        const own = whole.values.subarray(whole.offsets[pin], whole.offsets[pin + 1]);
        expect(part.values.subarray(part.offsets[row], part.offsets[row + 1])).toEqual(own);
      });
    }),
    { numRuns: 30 },
  );
});
