import type { FeatureMatrix } from './features.js';

/** A fitted Pinnability as `ranker.json` holds it. */
export interface PinnabilityModel {
  readonly features: readonly string[];
  /** Inputs are standardised: (x - mean) / deviation; a deviation of 0 leaves the column out. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly weights: readonly number[];
  readonly intercept: number;
}

/** The linear score of every row: after calibration, the log odds of a save. */
export function linearScores(model: PinnabilityModel, { rows, values }: Omit<FeatureMatrix, 'names'>): Float64Array {
  const width = model.features.length;
  const slopes = model.weights.map((weight, f) => (model.deviations[f] > 0 ? weight / model.deviations[f] : 0));
  const base = slopes.reduce((sum, slope, f) => sum - slope * model.means[f], model.intercept);
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let score = base;
    for (let f = 0, at = row * width; f < width; f++, at++) score += slopes[f] * values[at];
    scores[row] = score;
  }
  return scores;
}

/** Keeps its precision at both ends. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** The probability of a save for every row. */
export function probabilities(model: PinnabilityModel, features: FeatureMatrix): Float64Array {
  return linearScores(model, features).map(sigmoid);
}
