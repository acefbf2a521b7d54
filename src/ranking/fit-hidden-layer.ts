import { adamConstants, adamRate } from '../adam-rate.js';
import { random, shuffle } from '../random.js';
import { withDefaults } from '../with-defaults.js';
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

const { decay1, decay2, epsilon } = adamConstants;

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
  const { units, seed, batch, learningRate, warmUp, ...given } = withDefaults(hiddenLayerDefaults, options);
  const queries = examples.offsets.length - 1;
  if (queries < leastQueries) return undefined;
  const layout = layoutOf(linear.length, units);
  const x = initial(layout, linear, seed);
  const gradient = new Float64Array(layout.length);
  const first = new Float64Array(layout.length);
  const second = new Float64Array(layout.length);
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
      const rate = adamRate(learningRate * Math.min(1, step / warmUp, 1 - step / (steps + 1)), step);
      for (let i = 0; i < x.length; i++) {
        first[i] += (1 - decay1) * (gradient[i] - first[i]);
        second[i] += (1 - decay2) * (gradient[i] ** 2 - second[i]);
        x[i] -= (rate * first[i]) / (Math.sqrt(second[i]) + epsilon);
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
  const deltas = new Float64Array(longest * units);
  const scores = new Float64Array(labels.length);
  const residuals = new Float64Array(labels.length);
  return (query, share) => {
    const from = offsets[query];
    const to = offsets[query + 1];
    for (let row = from, unit = 0; row < to; row++, unit += units) {
      const input = row * width;
      for (let u = 0; u < units; u++) heights[unit + u] = x[biases + u];
      let f = 0;
      for (; f + 3 < width; f += 4) addFourFeatures(heights, unit, inputs, input + f, x, f * units, units);
      for (; f < width; f++)
        for (let u = 0, value = inputs[input + f]; u < units; u++) heights[unit + u] += value * x[f * units + u];
      let score = 0;
      for (f = 0; f < width; f++) score += inputs[input + f] * x[linear + f];
      for (let u = 0; u < units; u++) if (heights[unit + u] > 0) score += heights[unit + u] * x[out + u];
      scores[row] = score;
    }
    softmaxLoss(examples, scores, residuals, query, query + 1);
    for (let row = from, unit = 0; row < to; row++, unit += units) {
      const residual = share * residuals[row];
      for (let u = 0; u < units; u++) {
        const height = heights[unit + u];
        const delta = height > 0 ? residual * x[out + u] : 0;
        deltas[unit + u] = delta;
        if (height > 0) gradient[out + u] += residual * height;
        gradient[biases + u] += delta;
      }
      for (let f = 0; f < width; f++) gradient[linear + f] += residual * inputs[row * width + f];
    }
    let row = from;
    for (; row + 3 < to; row += 4)
      addFourRows(gradient, width, deltas, (row - from) * units, units, inputs, row * width);
    for (; row < to; row++)
      for (let f = 0, at = 0; f < width; f++) {
        const value = inputs[row * width + f];
        for (let u = 0; u < units; u++, at++) gradient[at] += value * deltas[(row - from) * units + u];
      }
  };
}

/** What four features add to the heights of one row's units: each height is read and written once for all of them. */
function addFourFeatures(
  heights: Float64Array,
  unit: number,
  inputs: Float32Array,
  input: number,
  x: Float64Array,
  weight: number,
  units: number,
): void {
  const v0 = inputs[input];
  const v1 = inputs[input + 1];
  const v2 = inputs[input + 2];
  const v3 = inputs[input + 3];
  for (let u = 0; u < units; u++) {
    const at = weight + u;
    heights[unit + u] =
      heights[unit + u] + v0 * x[at] + v1 * x[at + units] + v2 * x[at + 2 * units] + v3 * x[at + 3 * units];
  }
}

/** What four rows add to the gradient of the units' weights. */
function addFourRows(
  gradient: Float64Array,
  width: number,
  deltas: Float64Array,
  unit: number,
  units: number,
  inputs: Float32Array,
  input: number,
): void {
  for (let f = 0, at = 0; f < width; f++) {
    const v0 = inputs[input + f];
    const v1 = inputs[input + width + f];
    const v2 = inputs[input + 2 * width + f];
    const v3 = inputs[input + 3 * width + f];
    for (let u = 0; u < units; u++, at++) {
      const d = unit + u;
      gradient[at] =
        gradient[at] +
        v0 * deltas[d] +
        v1 * deltas[d + units] +
        v2 * deltas[d + 2 * units] +
        v3 * deltas[d + 3 * units];
    }
  }
}
