import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { pinsWithoutBoards } from '../../src/graph/graph.js';
import type { SparseMatrix } from '../../src/linear/sparse-matrix.js';
import { openBackend } from '../../src/model/backends.js';
import { encodePins, fitFeatures } from '../../src/model/features.js';
import { pinSageSpec } from '../../src/model/spec.js';
import type { MiniBatch } from '../../src/sampling/minibatch.js';
import { negativeChances } from '../../src/training/batch-targets.js';
import { batchInputs, type TrainingData } from '../../src/training/trainer.js';
import { plantedGraph } from './planted-graph.js';

const graph = plantedGraph();
const lonely = new Set(pinsWithoutBoards(graph.topology.pins));

beforeAll(async () => {
  await openBackend('wasm');
});

async function dataOf(idDropout: number, seed = 1): Promise<TrainingData> {
  const spec = pinSageSpec({ features: { width: 4, textBuckets: 64, ids: 'always', idBuckets: 64, idDropout } });
  const fit = await fitFeatures(graph, spec.features, seed);
  const inputs = encodePins(graph, spec.features, fit);
  return {
    topology: graph.topology,
    spec,
    features: fit.features,
    inputs,
    chances: negativeChances(graph.topology, spec),
    seed,
  };
}

/** A batch of some pins that all keep their neighbourhoods. */
function batchOf(nodes: readonly number[], epoch = 1, index = 0): MiniBatch {
  const none = new Int32Array(0);
  const rows = nodes.length;
  const layer = {
    targets: rows,
    sources: rows,
    neighbours: 1,
    indices: new Int32Array(rows),
    weights: new Float32Array(rows).fill(1),
  };
  const pins = { queries: none, positives: none, negatives: none, hardNegatives: none };
  return { epoch, index, ...pins, nodes: Uint32Array.from(nodes), layers: [layer] };
}

const everyPin = Array.from({ length: graph.pins.size }, (_, pin) => pin);

function hiddenIn(data: TrainingData, batch: MiniBatch): number[] {
  const { offsets, values } = batchInputs(data, batch).ids as SparseMatrix;
  return [...batch.nodes].filter((_, row) =>
    values.subarray(offsets[row], offsets[row + 1]).every((each) => each === 0),
  );
}

it('hides the ids of about the stated share of a batch, other pins in each', async () => {
  const data = await dataOf(0.25);
  const connected = everyPin.filter((pin) => !lonely.has(pin));
  const before = data.inputs.ids?.values.slice();
  const draws = Array.from({ length: 40 }, (_, index) => hiddenIn(data, batchOf(connected, 2, index)));
  const total = draws.reduce((sum, { length }) => sum + length, 0);
  const drawn = 40 * connected.length;
  // Four standard deviations.
  expect(Math.abs(total / drawn - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / drawn));
  expect(draws[0]).not.toEqual(draws[1]);
  expect(hiddenIn(await dataOf(0.25, 2), batchOf(connected, 2, 0))).not.toEqual(draws[0]);
  expect(data.inputs.ids?.values).toEqual(before);
});

it('hides the same pins whatever rows of the batch are at hand, as for towers', async () => {
  const data = await dataOf(0.5);
  const whole = new Set(hiddenIn(data, batchOf(everyPin)));
  fc.assert(
    fc.property(fc.subarray(everyPin), (some) => {
      expect(hiddenIn(data, batchOf(some))).toEqual(some.filter((pin) => whole.has(pin)));
    }),
    { numRuns: 30 },
  );
});

it('gives pins without boards no id where others may lack theirs, and leaves all ids without dropout', async () => {
  expect(hiddenIn(await dataOf(1e-9), batchOf(everyPin))).toEqual([...lonely]);
  expect(hiddenIn(await dataOf(0), batchOf(everyPin))).toEqual([]);
});
