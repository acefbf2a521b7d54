import type { RankingExamples } from './examples.js';
import { sigmoid } from './pinnability.js';

/**
 * A query's loss is the sum over its positives of their surprise, that is minus the logarithm of their share
 * of exp(score) among the query's candidates, divided by the root of their number: a query with more
 * positives says more, though not in proportion. A sampled negative stands for 1 / w of them. Gives the mean
 * over the queries from `first` up to, and without, `end`, and touches their rows alone.
 */
export function softmaxLoss(
  { labels, weights, offsets }: RankingExamples,
  scores: Float64Array,
  residuals: Float64Array,
  first = 0,
  end = offsets.length - 1,
): number {
  let loss = 0;
  for (let q = first; q < end; q++) {
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
    const each = 1 / (Math.sqrt(positives) * (end - first));
    let sum = 0;
    for (let row = from; row < to; row++) sum += weights[row] * Math.exp(scores[row] - greatest);
    for (let row = from; row < to; row++) {
      const share = (weights[row] * Math.exp(scores[row] - greatest)) / sum;
      residuals[row] = each * (positives * share - labels[row]);
      if (labels[row]) loss -= each * (scores[row] - greatest - Math.log(sum));
    }
  }
  return loss;
}

/** Mean over queries of the log loss of every row alone, over the sampled rows: the sampling is undone in the intercept afterwards. */
export function logisticLoss(
  { labels, offsets }: RankingExamples,
  scores: Float64Array,
  residuals: Float64Array,
): number {
  let loss = 0;
  const queries = offsets.length - 1;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    residuals[row] = (sigmoid(score) - labels[row]) / queries;
    loss += (Math.max(score, 0) - score * labels[row] + Math.log1p(Math.exp(-Math.abs(score)))) / queries;
  }
  return loss;
}
