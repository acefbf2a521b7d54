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
