import type { RankingExamples } from './examples.js';
import { minimise } from './minimise.js';
import { type PinnabilityModel, sigmoid } from './pinnability.js';

export interface PinnabilityOptions {
  /**
   * `softmax` compares a query's candidates with each other, so that what is the same for all of them cannot
   * be learnt; `logistic` judges each alone.
   */
  loss: 'softmax' | 'logistic';
  /** Weight of half the squared length of the standardised weights beside the sum of the queries' losses. */
  l2: number;
  iterations: number;
}

export const pinnabilityDefaults: PinnabilityOptions = { loss: 'softmax', l2: 2, iterations: 200 };

/** Columns with less spread than this carry nothing and keep weight 0. */
const leastDeviation = 1e-6;

interface Scaling {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

function scalingOf({ values, names, weights }: RankingExamples): Scaling {
  const width = names.length;
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  let total = 0;
  for (const weight of weights) total += weight;
  weights.forEach((weight, row) => {
    for (let f = 0; f < width; f++) means[f] += (weight * values[row * width + f]) / total;
  });
  weights.forEach((weight, row) => {
    for (let f = 0; f < width; f++) squares[f] += (weight * (values[row * width + f] - means[f]) ** 2) / total;
  });
  return { means, deviations: squares.map((square) => (Math.sqrt(square) > leastDeviation ? Math.sqrt(square) : 0)) };
}

function standardised({ values, names }: RankingExamples, { means, deviations }: Scaling): Float32Array {
  const width = names.length;
  return values.map((value, at) => {
    const f = at % width;
    return deviations[f] === 0 ? 0 : (value - means[f]) / deviations[f];
  });
}

function rowScores(x: Float64Array, inputs: Float32Array, width: number, scores: Float64Array): void {
  for (let row = 0, at = 0; row < scores.length; row++) {
    let score = x[width];
    for (let f = 0; f < width; f++) score += x[f] * inputs[at++];
    scores[row] = score;
  }
}

/**
 * Each query counts as one: every positive's share of exp(score) among the query's candidates, where a
 * sampled negative stands for 1 / w of them. `residuals` receives the derivative by each row's score.
 */
function softmaxLoss(
  { labels, weights, offsets }: RankingExamples,
  scores: Float64Array,
  residuals: Float64Array,
): number {
  let loss = 0;
  const queries = offsets.length - 1;
  for (let q = 0; q < queries; q++) {
    const from = offsets[q];
    const to = offsets[q + 1];
    let positives = 0;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let row = from; row < to; row++) {
      positives += labels[row];
      greatest = Math.max(greatest, scores[row]);
    }
    residuals.fill(0, from, to);
    if (positives === 0) continue;
    let sum = 0;
    for (let row = from; row < to; row++) sum += weights[row] * Math.exp(scores[row] - greatest);
    for (let row = from; row < to; row++) {
      const share = (weights[row] * Math.exp(scores[row] - greatest)) / sum;
      residuals[row] = (share - labels[row] / positives) / queries;
      if (labels[row]) loss -= (scores[row] - greatest - Math.log(sum)) / positives / queries;
    }
  }
  return loss;
}

/** Log loss of every row alone, over the sampled rows: the sampling is undone in the intercept afterwards. */
function logisticLoss({ labels, offsets }: RankingExamples, scores: Float64Array, residuals: Float64Array): number {
  let loss = 0;
  const queries = offsets.length - 1;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    residuals[row] = (sigmoid(score) - labels[row]) / queries;
    loss += (Math.max(score, 0) - score * labels[row] + Math.log1p(Math.exp(-Math.abs(score)))) / queries;
  }
  return loss;
}

/** Fits the weights of Pinnability; its scores are not probabilities before `calibrate`. */
export function fitPinnability(examples: RankingExamples, options: Partial<PinnabilityOptions> = {}): PinnabilityModel {
  const { loss, l2, iterations } = { ...pinnabilityDefaults, ...options };
  const width = examples.names.length;
  const scaling = scalingOf(examples);
  const inputs = standardised(examples, scaling);
  const scores = new Float64Array(examples.labels.length);
  const residuals = new Float64Array(examples.labels.length);
  const penalty = l2 / Math.max(1, examples.offsets.length - 1);
  const lossOf = loss === 'softmax' ? softmaxLoss : logisticLoss;

  const { x } = minimise(
    (at, gradient) => {
      rowScores(at, inputs, width, scores);
      let value = lossOf(examples, scores, residuals);
      gradient.fill(0);
      for (let row = 0, input = 0; row < scores.length; row++) {
        const residual = residuals[row];
        for (let f = 0; f < width; f++) gradient[f] += residual * inputs[input++];
        gradient[width] += residual;
      }
      for (let f = 0; f < width; f++) {
        value += (penalty / 2) * at[f] ** 2;
        gradient[f] += penalty * at[f];
      }
      return value;
    },
    new Float64Array(width + 1),
    { iterations },
  );
  return {
    features: examples.names,
    means: [...scaling.means],
    deviations: [...scaling.deviations],
    weights: [...x.subarray(0, width)],
    intercept: x[width],
  };
}
