import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '../src/model/backends.js';
import { pickInputs } from '../src/model/features.js';
import { project } from '../src/model/operations.js';
import { adjacencyOf } from '../src/model/pinsage.js';
import { type SparseMatrix, sparseProduct } from '../src/model/sparse-product.js';
import type { PinSageSpec } from '../src/model/spec.js';
import { batchLoader } from '../src/sampling/batch-loader.js';
import type { MiniBatch } from '../src/sampling/minibatch.js';
import { Adam } from '../src/training/adam.js';
import { batchTargets, negativeChances } from '../src/training/batch-targets.js';
import { boardPairs, boardsOf } from '../src/training/board-pairs.js';
import { trainingStep } from '../src/training/step.js';
import { type TrainingFixture, trainingFixture } from './fixtures/pinsage-training.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf, timed } from './machine.js';

const log = (line: string): void => console.error(line);
const warmUp = 2;
const steps = 8;
const rounds = 5;

/** Multiply-adds of the dense products of one step, forward and backward, times two. */
export function stepOperations(batch: MiniBatch, { hidden, dimension }: PinSageSpec, inputs: number): number {
  let total = 0;
  batch.layers.forEach(({ targets, sources }, index) => {
    const columns = index === 0 ? inputs : hidden;
    // Input features need no gradient, which saves one product of three.
    total += (index === 0 ? 2 : 3) * (sources + targets) * columns * hidden + 3 * targets * hidden * hidden;
  });
  const rows = batch.layers[batch.layers.length - 1].targets;
  total += 3 * rows * hidden * (hidden + dimension) + 2 * rows * inputs * dimension;
  total += 3 * batch.queries.length * (batch.negatives.length + batch.queries.length) * dimension;
  return 2 * total;
}

/** Steps of the default model with wasm; ratios set our operations beside the stock ones of the same backend. */
export async function run(): Promise<BenchmarkResult> {
  const backend = await openBackend('wasm');
  const fixture = await trainingFixture();
  log(machine());
  log(`${backend.description}; ${fixture.graph.pins.size} pins, batches of ${fixture.spec.batchSize} pairs`);
  try {
    const { batches, pairs } = await preparedBatches(fixture);
    const { spec, network, inputs, graph } = fixture;
    const chances = negativeChances(graph.topology, spec);
    const adam = new Adam(network.variables);
    const seconds: number[] = [];
    for (let step = 0; step < warmUp + steps; step++) {
      const batch = batches[step % batches.length];
      const { cpu } = await timed(async () => {
        const boards = boardsOf(pairs, batch, spec.batchSize);
        const targets = batchTargets(graph.topology, spec, chances, boards, batch);
        await trainingStep(network, adam, batch, pickInputs(inputs, batch.nodes), targets, 0.001);
      });
      if (step >= warmUp) seconds.push(cpu);
    }
    const spread = spreadOf(seconds);
    const operations = stepOperations(batches[0], spec, inputs.dense.width);
    log(`a step: ${shownSpread(spreadOf(seconds.map((each) => 1000 * each)), 'ms of CPU')}`);
    log(`${Math.round(spec.batchSize / spread.min)} pairs/s, ${(operations / spread.min / 1e9).toFixed(1)} GFLOP/s`);
    adam.dispose();
    const [batch] = batches;
    return {
      ratios: {
        aggregation: await aggregationRatio(batch, spec),
        projection_gradient: await projectionRatio(batch, spec),
      },
      figures: {
        step_cpu_ms: 1000 * spread.min,
        pairs_per_cpu_second: spec.batchSize / spread.min,
        gigaflops: operations / spread.min / 1e9,
        tensors: tf.memory().numTensors,
      },
    };
  } finally {
    fixture.network.dispose();
    await fixture.pool.close();
  }
}

async function preparedBatches({ graph, spec, pool, neighbourhoods }: TrainingFixture) {
  const { batchSize, negatives, layers, neighbourDropout, pinsPerBoard } = spec;
  const pairs = boardPairs(graph.topology, { pinsPerBoard: pinsPerBoard, limit: 4 * batchSize, epoch: 1, seed: 1 });
  const sizes = { batchSize, negatives, hardNegatives: 0, layers, neighbourDropout };
  const batches: MiniBatch[] = [];
  for await (const batch of batchLoader(pool, { neighbourhoods, pairs, epoch: 1, seed: 1, ...sizes }))
    batches.push(batch);
  return { batches, pairs };
}

/** Forward and backward of an operation of one operand, in CPU seconds; the least of some rounds. */
async function leastSeconds(operation: (x: tf.Tensor2D) => tf.Tensor2D, x: tf.Tensor2D): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const { cpu } = await timed(async () => {
      const gradient = tf.tidy(() => tf.grad((each: tf.Tensor) => operation(each as tf.Tensor2D))(x));
      await gradient.data();
      gradient.dispose();
    });
    least = Math.min(least, cpu);
  }
  return least;
}

/** What tfjs offers: gather, multiply, sum, and scatter for the gradient, which wasm's own gather lacks. */
function stockAggregation({ shape, columns, values }: SparseMatrix, perRow: number) {
  return (x: tf.Tensor2D): tf.Tensor2D =>
    tf.customGrad((input) => {
      const width = x.shape[1];
      const weights = (): tf.Tensor3D => tf.tensor3d(values, [shape[0], perRow, 1]);
      const gathered = tf.reshape(tf.gather(input as tf.Tensor2D, tf.tensor1d(columns, 'int32')), [
        shape[0],
        perRow,
        width,
      ]);
      return {
        value: tf.sum(tf.mul(gathered, weights()), 1),
        gradFunc: (dy) => {
          const terms = tf.mul(tf.reshape(dy as tf.Tensor2D, [shape[0], 1, width]), weights());
          const positions = tf.tensor2d(columns, [columns.length, 1], 'int32');
          return tf.scatterND(positions, tf.reshape(terms, [columns.length, width]), [shape[1], width]);
        },
      };
    })(x) as tf.Tensor2D;
}

async function aggregationRatio(batch: MiniBatch, { hidden }: PinSageSpec): Promise<number> {
  const [layer] = batch.layers;
  const matrix = adjacencyOf(layer);
  const x = tf.randomNormal<tf.Rank.R2>([layer.sources, hidden], 0, 1, 'float32', 1);
  const ours = await leastSeconds((each) => sparseProduct(matrix, each), x);
  const stock = await leastSeconds(stockAggregation(matrix, layer.neighbours), x);
  x.dispose();
  log(`aggregation: ${(1000 * ours).toFixed(0)} ms against ${(1000 * stock).toFixed(0)} ms of stock operations`);
  return stock / ours;
}

/** The gradient of a product with transpose flags, as tfjs registers it, against explicit transposes. */
async function projectionRatio(batch: MiniBatch, { hidden }: PinSageSpec): Promise<number> {
  const x = tf.randomNormal<tf.Rank.R2>([batch.layers[0].targets, hidden], 0, 1, 'float32', 1);
  const w = tf.randomNormal<tf.Rank.R2>([hidden, hidden], 0, 1, 'float32', 2);
  const flagged = (each: tf.Tensor2D): tf.Tensor2D =>
    tf.customGrad((input, matrix) => {
      const [left, right] = [input as tf.Tensor2D, matrix as tf.Tensor2D];
      return {
        value: tf.matMul(left, right),
        gradFunc: (dy) => [tf.matMul(dy as tf.Tensor2D, w, false, true), tf.matMul(x, dy as tf.Tensor2D, true, false)],
      };
    })(each, w) as tf.Tensor2D;
  const ours = await leastSeconds((each) => project(each, w), x);
  const stock = await leastSeconds(flagged, x);
  tf.dispose([x, w]);
  log(`projection: ${(1000 * ours).toFixed(0)} ms against ${(1000 * stock).toFixed(0)} ms with transpose flags`);
  return stock / ours;
}
