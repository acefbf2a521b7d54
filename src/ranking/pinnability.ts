import type { FeatureMatrix } from './features.js';

/** A fitted Pinnability as `ranker.json` holds it. */
export interface PinnabilityModel {
  readonly features: readonly string[];
  /** Inputs are standardised: (x - mean) / deviation; a deviation of 0 leaves the column out. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly weights: readonly number[];
  readonly intercept: number;
  /** What is added to the linear score; absent where it is all there is. */
  readonly hidden?: HiddenLayer;
}

/** One layer of rectified units over the standardised inputs: Σ_u out[u] · max(0, biases[u] + weights[u] · x). */
export interface HiddenLayer {
  /** [units][features] */
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
  readonly out: readonly number[];
}

/** The score of every row: after calibration, the log odds of a save. */
export function scoresOf(model: PinnabilityModel, { rows, values }: Omit<FeatureMatrix, 'names'>): Float64Array {
  const scores = new Float64Array(rows);
  addPlane(model, model.weights, model.intercept, values, scores);
  if (!model.hidden) return scores;
  const { weights, biases, out } = model.hidden;
  const unit = new Float64Array(rows);
  weights.forEach((slopes, u) => {
    unit.fill(0);
    addPlane(model, slopes, biases[u], values, unit);
    for (let row = 0; row < rows; row++) if (unit[row] > 0) scores[row] += out[u] * unit[row];
  });
  return scores;
}

/** Adds weights · x + intercept of the standardised inputs to every row. */
function addPlane(
  { means, deviations }: PinnabilityModel,
  weights: readonly number[],
  intercept: number,
  values: Float32Array,
  into: Float64Array,
): void {
  const slopes = Float64Array.from(weights, (weight, f) => (deviations[f] > 0 ? weight / deviations[f] : 0));
  const base = slopes.reduce((sum, slope, f) => sum - slope * means[f], intercept);
  for (let row = 0, at = 0; row < into.length; row++) {
    let score = base;
    for (let f = 0; f < slopes.length; f++, at++) score += slopes[f] * values[at];
    into[row] += score;
  }
}

/** Keeps its precision at both ends. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** The probability of a save for every row. */
export function probabilities(model: PinnabilityModel, features: FeatureMatrix): Float64Array {
  return scoresOf(model, features).map(sigmoid);
}
