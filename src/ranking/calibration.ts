import { type Progress, silentProgress } from '../progress.js';
import type { RankingExamples } from './examples.js';
import { minimise } from './minimise.js';
import { scoresOf, type PinnabilityModel, sigmoid } from './pinnability.js';

/** Features that are the same for all candidates of a query: ranking cannot learn them, calibration does. */
function isContext(feature: string): boolean {
  return feature.startsWith('query.');
}

/** Standardised column `f` of a row, as the model reads it. */
function input({ means, deviations }: PinnabilityModel, values: Float32Array, at: number, f: number): number {
  return deviations[f] > 0 ? (values[at + f] - means[f]) / deviations[f] : 0;
}

/**
 * Turns a ranking into probabilities on examples that its weights have not seen, by Platt's method: the
 * score's slope, the intercept and the weights of the query's own features, by weighted log loss. A row
 * counts as many candidates as it stands for (1 / w for a negative kept with probability w), which corrects
 * for down-sampling beforehand. A slope that is not positive would turn the ranking over, so it is kept
 * above 0. Targets are Platt's (1999, section 2.2; Lin, Lin and Weng, Machine Learning 68, 2007): as if one more
 * candidate of each kind had been seen, so that examples which the score tells apart have no certainty of 1 or 0.
 * Where all are of one kind nothing tells a slope: the intercept alone is learnt, by the target of that kind.
 */
export function calibrate(
  model: PinnabilityModel,
  examples: RankingExamples,
  progress: Progress = silentProgress,
): PinnabilityModel {
  const { names, values, labels, weights } = examples;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const positives = labels.reduce((sum, label, row) => sum + label * weights[row], 0);
  const isOneKind = positives === 0 || positives === total;
  if (isOneKind)
    progress.note(
      `Of the candidates to calibrate on ${positives === 0 ? 'none' : 'every one'} was saved: probabilities of a save are rough`,
    );
  const targets = [1 / (total - positives + 2), (positives + 1) / (positives + 2)];
  const context = names.flatMap((name, f) => (isContext(name) ? [f] : []));
  const scores = scoresOf(model, { rows: labels.length, values });
  const inputs = context.map((f) => Float64Array.from(labels, (_, row) => input(model, values, row * names.length, f)));
  const start = new Float64Array(2 + context.length);
  start[1] = Math.log((positives + 1) / (total - positives + 1));

  const { x } = minimise(
    (at, gradient) => {
      const slope = Math.exp(at[0]);
      let loss = 0;
      gradient.fill(0);
      for (let row = 0; row < labels.length; row++) {
        let logit = slope * scores[row] + at[1];
        for (let c = 0; c < inputs.length; c++) logit += at[2 + c] * inputs[c][row];
        const weight = weights[row] / total;
        const target = targets[labels[row]];
        const residual = weight * (sigmoid(logit) - target);
        loss += weight * (Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit))));
        gradient[1] += residual;
        if (isOneKind) continue;
        gradient[0] += residual * slope * scores[row];
        for (let c = 0; c < inputs.length; c++) gradient[2 + c] += residual * inputs[c][row];
      }
      return loss;
    },
    start,
    { tolerance: 1e-9 },
  );
  const slope = Math.exp(x[0]);
  const calibrated = model.weights.map((weight) => slope * weight);
  context.forEach((f, c) => (calibrated[f] += x[2 + c]));
  const { hidden } = model;
  return {
    ...model,
    weights: calibrated,
    intercept: slope * model.intercept + x[1],
    ...(hidden && { hidden: { ...hidden, out: hidden.out.map((weight) => slope * weight) } }),
  };
}
