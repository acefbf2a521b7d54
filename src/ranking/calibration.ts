import { minimise } from './minimise.js';

/** Platt's map from a linear score to a probability: σ(slope · score + intercept). */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

export const noCalibration: Calibration = { slope: 1, intercept: 0 };

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

export function calibrated({ slope, intercept }: Calibration, score: number): number {
  return sigmoid(slope * score + intercept);
}

/**
 * Undoes the down-sampling of negatives: p = q / (q + (1 − q) / w), for a model fitted to negatives that were
 * kept with probability w (He et al., 2014, section 6.3).
 */
export function undoDownSampling(probability: number, keptNegatives: number): number {
  return probability / (probability + (1 - probability) / keptNegatives);
}

/**
 * Fits Platt's map by weighted log loss. A row's weight is the number of candidates that it stands for: a
 * negative kept with probability w counts 1 / w, which is the correction for down-sampling in advance.
 */
export function fitCalibration(scores: Float64Array, labels: Uint8Array, weights: Float32Array): Calibration {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const positives = labels.reduce((sum, label, row) => sum + label * weights[row], 0);
  if (positives === 0 || positives === total) return noCalibration;
  const { x } = minimise(
    ([slope, intercept], gradient) => {
      let loss = 0;
      gradient.fill(0);
      scores.forEach((score, row) => {
        const logit = slope * score + intercept;
        const weight = weights[row] / total;
        const residual = weight * (sigmoid(logit) - labels[row]);
        gradient[0] += residual * score;
        gradient[1] += residual;
        loss += weight * (Math.max(logit, 0) - logit * labels[row] + Math.log1p(Math.exp(-Math.abs(logit))));
      });
      return loss;
    },
    Float64Array.of(1, Math.log(positives / (total - positives))),
    { tolerance: 1e-9 },
  );
  return { slope: x[0], intercept: x[1] };
}
