/** Metrics of scored or predicted binary outcomes; `labels` are 0 or 1, in the order of the predictions. */

/** Probability that a random positive outscores a random negative, ties counted half. NaN without both. */
export function auc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    // Tied scores share the mean of their ranks, counted from 1.
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++)
      if (labels[order[i]]) {
        positives++;
        rankSum += rank;
      }
    from = to;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean negative log-likelihood in nats. Probabilities are kept 1e-15 away from 0 and 1. */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = Math.min(1 - 1e-15, Math.max(1e-15, probabilities[i]));
    sum -= Math.log(labels[i] ? p : 1 - p);
  }
  return sum / probabilities.length;
}

export interface CalibrationBin {
  readonly count: number;
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of positives. */
  readonly observed: number;
}

/** Predictions in `bins` equal-width bins of [0, 1]; a bin without predictions reads 0, 0, 0. */
export function calibrationBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] {
  const counts = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = Math.min(bins - 1, Math.floor(probabilities[i] * bins));
    counts[bin]++;
    predicted[bin] += probabilities[i];
    observed[bin] += labels[i];
  }
  return Array.from(counts, (count, bin) => ({
    count,
    predicted: count ? predicted[bin] / count : 0,
    observed: count ? observed[bin] / count : 0,
  }));
}

/** Expected calibration error: the mean over predictions of |observed − predicted| of their bin. */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): number {
  const total = probabilities.length;
  return calibrationBins(probabilities, labels, bins).reduce(
    (sum, bin) => sum + (bin.count / total) * Math.abs(bin.observed - bin.predicted),
    0,
  );
}
