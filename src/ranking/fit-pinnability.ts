import { withDefaults } from '../with-defaults.js';
import type { RankingExamples } from './examples.js';
import { fitHiddenLayer } from './fit-hidden-layer.js';
import { logisticLoss, softmaxLoss } from './listwise-loss.js';
import { minimise } from './minimise.js';
import type { PinnabilityModel } from './pinnability.js';
import { scalingOf, standardised } from './standardise.js';

export interface PinnabilityOptions {
  /**
   * `softmax` compares a query's candidates with each other, so that what is the same for all of them cannot
   * be learnt; `logistic` judges each alone.
   */
  loss: 'softmax' | 'logistic';
  /** Weight of half the squared length of the standardised weights beside the sum of the queries' losses. */
  l2: number;
  iterations: number;
  /** Rectified units beside the linear score, fitted by softmax; 0 leaves the score linear. */
  hidden: number;
  seed: number;
}

export const pinnabilityDefaults: PinnabilityOptions = { loss: 'softmax', l2: 2, iterations: 200, hidden: 32, seed: 1 };

/** The linear score of every row. Four rows at once: their sums do not wait for each other. */
function rowScores(x: Float64Array, inputs: Float32Array, width: number, scores: Float64Array): void {
  let row = 0;
  for (let at = 0; row + 3 < scores.length; row += 4, at += 4 * width) {
    let [s0, s1, s2, s3] = [x[width], x[width], x[width], x[width]];
    for (let f = 0; f < width; f++) {
      const weight = x[f];
      s0 += weight * inputs[at + f];
      s1 += weight * inputs[at + width + f];
      s2 += weight * inputs[at + 2 * width + f];
      s3 += weight * inputs[at + 3 * width + f];
    }
    scores[row] = s0;
    scores[row + 1] = s1;
    scores[row + 2] = s2;
    scores[row + 3] = s3;
  }
  for (; row < scores.length; row++) {
    let score = x[width];
    for (let f = 0; f < width; f++) score += x[f] * inputs[row * width + f];
    scores[row] = score;
  }
}

/** Adds every row's inputs, times its residual, to the gradient, whose last entry is the intercept's. */
function addSlopes(residuals: Float64Array, inputs: Float32Array, width: number, gradient: Float64Array): void {
  let row = 0;
  for (let at = 0; row + 3 < residuals.length; row += 4, at += 4 * width) {
    const r0 = residuals[row];
    const r1 = residuals[row + 1];
    const r2 = residuals[row + 2];
    const r3 = residuals[row + 3];
    for (let f = 0; f < width; f++)
      gradient[f] =
        gradient[f] +
        r0 * inputs[at + f] +
        r1 * inputs[at + width + f] +
        r2 * inputs[at + 2 * width + f] +
        r3 * inputs[at + 3 * width + f];
  }
  for (; row < residuals.length; row++)
    for (let f = 0; f < width; f++) gradient[f] += residuals[row] * inputs[row * width + f];
  for (const residual of residuals) gradient[width] += residual;
}

/** Fits the weights of Pinnability; its scores are not probabilities before `calibrate`. */
export function fitPinnability(examples: RankingExamples, options: Partial<PinnabilityOptions> = {}): PinnabilityModel {
  const { loss, l2, iterations, hidden, seed } = withDefaults(pinnabilityDefaults, options);
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
      addSlopes(residuals, inputs, width, gradient);
      for (let f = 0; f < width; f++) {
        value += (penalty / 2) * at[f] ** 2;
        gradient[f] += penalty * at[f];
      }
      return value;
    },
    new Float64Array(width + 1),
    { iterations },
  );
  const linear: PinnabilityModel = {
    features: examples.names,
    means: [...scaling.means],
    deviations: [...scaling.deviations],
    weights: [...x.subarray(0, width)],
    intercept: x[width],
  };
  if (hidden === 0 || loss === 'logistic') return linear;
  return { ...linear, ...fitHiddenLayer(examples, inputs, linear.weights, { units: hidden, seed }) };
}
