import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../src/model/backends.js';
import { encodePins, fitFeatures, pickInputs } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { batchLoss } from '../../src/model/objective.js';
import { PinSageNetwork } from '../../src/model/pinsage.js';
import { type PartialPinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import { batchTargets, negativeChances } from '../../src/training/batch-targets.js';
import { random } from '../../src/random.js';
import { boardPairs } from '../../src/training/board-pairs.js';
import { batchLoader } from '../../src/sampling/batch-loader.js';
import type { MiniBatch } from '../../src/sampling/minibatch.js';
import { allNeighbourhoods } from '../../src/sampling/importance-neighbourhoods.js';
import { walkPool } from '../../src/sampling/pool.js';
import { plantedGraph } from '../training/planted-graph.js';

const seed = 3;
const small: PartialPinSageSpec = {
  features: { width: 4, textBuckets: 32, idBuckets: 16, ids: 'always' },
  hidden: 5,
  dimension: 4,
  neighbours: 3,
  steps: 30,
  batchSize: 8,
  negatives: 6,
  pinsPerBoard: 4,
  pairsPerEpoch: 8,
  neighbourDropout: 0.3,
  temperature: 0.5,
  margin: 0.5,
};

async function firstBatch(partial: PartialPinSageSpec) {
  const spec = pinSageSpec(partial);
  const graph = plantedGraph({ communities: 3, pinsEach: 8, boardsEach: 6, pinsPerBoard: 4 });
  const fit = fitFeatures(graph, spec.features, seed);
  const pool = walkPool(graph.topology, { threads: 0 });
  const neighbourhoods = await allNeighbourhoods(pool, { neighbours: 3, steps: 30, seed, epoch: 0 });
  const pairs = boardPairs(graph.topology, { pinsPerBoard: 4, limit: 8, epoch: 1, seed });
  const { layers, neighbourDropout } = spec;
  const sizes = { batchSize: 8, negatives: 6, hardNegatives: 0, layers };
  const loader = batchLoader(pool, { neighbourhoods, pairs, epoch: 1, ...sizes, neighbourDropout, seed });
  const batches: MiniBatch[] = [];
  for await (const each of loader) batches.push(each);
  const [batch] = batches;
  const inputs = pickInputs(encodePins(graph, spec.features, fit), batch.nodes);
  const targets = batchTargets(
    graph.topology,
    spec,
    negativeChances(graph.topology, spec),
    pairs.boards.subarray(0, batch.queries.length),
    batch,
  );
  // Biases start at 0, where rows without neighbours sit on ReLU's kink: move them off it.
  const source = random(seed, 77);
  const weights = [...initialWeights(spec, fit, seed)].map(
    ([name, { shape, values }]) =>
      [name, { shape, values: shape.length > 1 ? values : values.map(() => 0.2 + 0.3 * source.float()) }] as const,
  );
  const network = new PinSageNetwork(spec, new Map(weights));
  return { network, loss: () => batchLoss(network, batch, inputs, targets) };
}

describe.each([
  ['softmax over boards', { loss: 'softmax', query: 'board', inBatchNegatives: true }],
  ['max margin over pins', { loss: 'max-margin', query: 'pin', inBatchNegatives: false }],
] as const)('the whole model under %s', (_, objective) => {
  beforeAll(async () => {
    await openBackend('cpu');
  });

  it('has the gradient of finite differences in every weight', async () => {
    const { network, loss } = await firstBatch({ ...small, ...objective });
    const variables = [...network.variables.values()];
    const { grads } = tf.variableGrads(loss, variables);
    for (const [name, variable] of network.variables) {
      const gradient = grads[variable.name].dataSync() as Float32Array;
      const values = (variable.dataSync() as Float32Array).slice();
      const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest, name).toBeGreaterThan(0);
      const at = (index: number, by: number): number => {
        const moved = values.slice();
        moved[index] += by;
        return tf.tidy(() => {
          variable.assign(tf.tensor(moved, variable.shape));
          return loss().dataSync()[0];
        });
      };
      // A kink of ReLU or of the margin spoils a difference that straddles it; a wrong gradient spoils them all.
      const sampled = Array.from({ length: 12 }, (_unused, i) => Math.floor((i * values.length) / 12));
      const errors = sampled.map((index) => {
        const numeric = (at(index, 2e-3) - at(index, -2e-3)) / 4e-3;
        return Math.abs(numeric - gradient[index]) / largest;
      });
      expect(errors.toSorted((a, b) => a - b)[6], name).toBeLessThan(0.02);
      variable.assign(tf.tensor(values, variable.shape));
    }
    network.dispose();
  });
});
