import type { RankingExamples } from './examples.js';

/** Columns with less spread than this carry nothing and keep weight 0. */
const leastDeviation = 1e-6;

/** Inputs are read as (x - mean) / deviation; a deviation of 0 leaves the column out. */
export interface Scaling {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Means and deviations of the candidates that the examples stand for. */
export function scalingOf({ values, names, weights }: RankingExamples): Scaling {
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

export function standardised({ values, names }: RankingExamples, { means, deviations }: Scaling): Float32Array {
  const width = names.length;
  return values.map((value, at) => {
    const f = at % width;
    return deviations[f] === 0 ? 0 : (value - means[f]) / deviations[f];
  });
}
