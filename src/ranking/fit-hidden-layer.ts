import { random, shuffle } from '../random.js';
import type { RankingExamples } from './examples.js';
import { softmaxLoss } from './listwise-loss.js';
import type { PinnabilityModel } from './pinnability.js';

export interface HiddenLayerOptions {
  units: number;
  seed: number;
  epochs: number;
  /** Many queries are gone through fewer times, though once at least. */
  mostSteps: number;
  /** Queries of one step. */
  batch: number;
  /** Adam's largest step, reached after `warmUp` steps, from which it falls to 0 along a line. */
  learningRate: number;
  warmUp: number;
}

/** Measured on Gowalla and citeulike-t: 8 to 64 units and 15 to 25 epochs are within .003 of each other. */
export const hiddenLayerDefaults: HiddenLayerOptions = {
  units: 32,
  seed: 1,
  epochs: 20,
  mostSteps: 1_000,
  batch: 64,
  learningRate: 0.003,
  warmUp: 50,
};

/** Fewer queries than this cannot tell the units' weights: the score stays linear. */
const leastQueries = 100;

const weightStream = 0x6865;
const orderStream = 0x6f72;

const [momentum, spread, tiny] = [0.9, 0.999, 1e-8];

/** All parameters in one array: the units' weights [features][units], biases, outputs, then the linear weights. */
interface Layout {
  readonly width: number;
  readonly units: number;
  readonly biases: number;
  readonly out: number;
  readonly linear: number;
  readonly length: number;
}

function layoutOf(width: number, units: number): Layout {
  const biases = width * units;
  return { width, units, biases, out: biases + units, linear: biases + 2 * units, length: biases + 2 * units + width };
}

/**
 * Fits rectified units and the linear score together by Adam on the queries' softmax loss, from the linear
 * fit on: what interactions there are between sources, popularity and the size of a board, they find by
 * themselves. `inputs` is standardised, [rows, features].
 */
export function fitHiddenLayer(
  examples: RankingExamples,
  inputs: Float32Array,
  linear: readonly number[],
  options: Partial<HiddenLayerOptions> = {},
): Pick<PinnabilityModel, 'weights' | 'hidden'> | undefined {
  const { units, seed, batch, learningRate, warmUp, ...given } = { ...hiddenLayerDefaults, ...options };
  const queries = examples.offsets.length - 1;
  if (queries < leastQueries) return undefined;
  const layout = layoutOf(linear.length, units);
  const x = initial(layout, linear, seed);
  const gradient = new Float64Array(layout.length);
  const mean = new Float64Array(layout.length);
  const square = new Float64Array(layout.length);
  const pass = layerPass(examples, inputs, layout, x, gradient);
  const batches = Math.ceil(queries / batch);
  const epochs = Math.min(given.epochs, Math.ceil(given.mostSteps / batches));
  const steps = epochs * batches;
  const order = Uint32Array.from({ length: queries }, (_, query) => query);
  const source = random(orderStream, seed);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, source);
    for (let from = 0; from < queries; from += batch) {
      gradient.fill(0);
      const some = order.subarray(from, from + batch);
      for (const query of some) pass(query, 1 / some.length);
      step++;
      const rate = learningRate * Math.min(1, step / warmUp, 1 - step / (steps + 1));
      const corrected = (rate * Math.sqrt(1 - spread ** step)) / (1 - momentum ** step);
      for (let i = 0; i < x.length; i++) {
        mean[i] += (1 - momentum) * (gradient[i] - mean[i]);
        square[i] += (1 - spread) * (gradient[i] ** 2 - square[i]);
        x[i] -= (corrected * mean[i]) / (Math.sqrt(square[i]) + tiny);
      }
    }
  }
  return {
    weights: [...x.subarray(layout.linear)],
    hidden: {
      weights: Array.from({ length: units }, (_, u) => linear.map((_weight, f) => x[f * units + u])),
      biases: [...x.subarray(layout.biases, layout.out)],
      out: [...x.subarray(layout.out, layout.linear)],
    },
  };
}

/** He et al.'s scale for the units; their outputs begin small, so that the score begins near the linear one. */
function initial(
  { width, units, out, linear: at, length }: Layout,
  linear: readonly number[],
  seed: number,
): Float64Array {
  const x = new Float64Array(length);
  const source = random(weightStream, seed);
  for (let i = 0; i < width * units; i++) x[i] = Math.sqrt(2 / width) * source.normal();
  for (let u = 0; u < units; u++) x[out + u] = (0.1 / Math.sqrt(units)) * source.normal();
  x.set(linear, at);
  return x;
}

/** Adds one query's share of the gradient. */
function layerPass(
  examples: RankingExamples,
  inputs: Float32Array,
  { width, units, biases, out, linear }: Layout,
  x: Float64Array,
  gradient: Float64Array,
): (query: number, share: number) => void {
  const { offsets, labels } = examples;
  const longest = offsets.reduce((most, end, i) => Math.max(most, i > 0 ? end - offsets[i - 1] : 0), 0);
  const heights = new Float64Array(longest * units);
  const scores = new Float64Array(labels.length);
  const residuals = new Float64Array(labels.length);
  const delta = new Float64Array(units);
  return (query, share) => {
    const from = offsets[query];
    const to = offsets[query + 1];
    for (let row = from; row < to; row++) {
      const unit = (row - from) * units;
      for (let u = 0; u < units; u++) heights[unit + u] = x[biases + u];
      let score = 0;
      for (let f = 0; f < width; f++) {
        const value = inputs[row * width + f];
        if (value === 0) continue;
        score += value * x[linear + f];
        for (let u = 0, at = f * units; u < units; u++, at++) heights[unit + u] += value * x[at];
      }
      for (let u = 0; u < units; u++) if (heights[unit + u] > 0) score += heights[unit + u] * x[out + u];
      scores[row] = score;
    }
    softmaxLoss(examples, scores, residuals, query, query + 1);
    for (let row = from; row < to; row++) {
      const residual = share * residuals[row];
      if (residual === 0) continue;
      const unit = (row - from) * units;
      for (let u = 0; u < units; u++) {
        const height = heights[unit + u];
        delta[u] = height > 0 ? residual * x[out + u] : 0;
        if (height > 0) gradient[out + u] += residual * height;
        gradient[biases + u] += delta[u];
      }
      for (let f = 0; f < width; f++) {
        const value = inputs[row * width + f];
        if (value === 0) continue;
        gradient[linear + f] += residual * value;
        for (let u = 0, at = f * units; u < units; u++, at++) gradient[at] += value * delta[u];
      }
    }
  };
}
