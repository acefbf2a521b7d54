import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../src/linear/sparse-matrix.js';
import { openBackend } from '../src/model/backends.js';
import { affine } from '../src/model/operations.js';
import { adjacencyOf, sparseProduct } from '../src/model/sparse-product.js';
import type { PinSageSpec } from '../src/model/spec.js';
import type { MiniBatch } from '../src/sampling/minibatch.js';
import { trainingSteps } from './fixtures/training-steps.js';
import { type BenchmarkResult, keepResult, machine, timed } from './machine.js';
import { raceSizesOn } from './step-race.js';

const log = (line: string): void => console.error(line);
const rounds = 5;

/**
 * A training step with wasm, and with tfjs-node where it is installed, beside PyTorch, at two sizes; then our
 * operations beside the stock ones of the same backend.
 */
export async function run(): Promise<BenchmarkResult> {
  const started = new Date();
  log(machine());
  log((await openBackend('wasm')).description);
  const result = await raceSizesOn('cpu');
  Object.assign(result.ratios, await operationRatios());
  keepResult('train', started, result);
  return result;
}

/** Our operations beside the stock ones of the same backend, above 1 where ours are faster. */
async function operationRatios(): Promise<Record<string, number>> {
  const { data, batches } = await trainingSteps({}, 1);
  const [{ batch }] = batches;
  return {
    aggregation: await aggregationRatio(batch, data.spec),
    projection_gradient: await projectionRatio(batch, data.spec),
  };
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
  const ours = await leastSeconds((each) => affine([{ x: each, w }]), x);
  const stock = await leastSeconds(flagged, x);
  tf.dispose([x, w]);
  log(`projection: ${(1000 * ours).toFixed(0)} ms against ${(1000 * stock).toFixed(0)} ms with transpose flags`);
  return stock / ours;
}
