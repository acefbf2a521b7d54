import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../../src/evaluation/cases.js';

export interface RankedVectors {
  /** Unit vectors [pins, dimension]. */
  readonly vectors: Float32Array;
  readonly dimension: number;
  /** Pins without boards, whose likeness a bonus may raise. */
  readonly cold: Uint32Array;
}

const casesPerBlock = 64;

/**
 * For each bonus and each case the ranks, from 1, of its relevant pins among the whole catalogue without its
 * query pins, by likeness to the mean of the query's vectors. Pins that are just as like count as before; a
 * query without pins ranks nothing, which gives Infinity.
 */
export function ranksOf(
  { vectors, dimension, cold }: RankedVectors,
  cases: readonly Case[],
  bonuses: readonly number[],
): number[][][] {
  const pins = vectors.length / dimension;
  const ranks = bonuses.map((): number[][] => []);
  const lifts = bonuses.map((bonus) => {
    const lift = new Float32Array(pins);
    for (const pin of cold) lift[pin] = bonus;
    return lift;
  });
  const catalogue = tf.tidy(() => tf.transpose(tf.tensor2d(vectors, [pins, dimension])));
  for (let from = 0; from < cases.length; from += casesPerBlock) {
    const block = cases.slice(from, from + casesPerBlock);
    const queries = tf.tensor2d(queryVectors(block, vectors, dimension), [block.length, dimension]);
    const product = tf.matMul(queries, catalogue);
    const scores = product.dataSync() as Float32Array;
    tf.dispose([queries, product]);
    block.forEach((one, row) => {
      const own = scores.subarray(row * pins, (row + 1) * pins);
      for (const pin of one.query) own[pin] = Number.NEGATIVE_INFINITY;
      lifts.forEach((lift, which) => ranks[which].push(ranksIn(own, lift, one)));
    });
  }
  catalogue.dispose();
  return ranks;
}

/** A unit vector a case, so that a bonus means the same to all. */
function queryVectors(cases: readonly Case[], vectors: Float32Array, dimension: number): Float32Array {
  const queries = new Float32Array(cases.length * dimension);
  cases.forEach(({ query }, row) => {
    const own = queries.subarray(row * dimension, (row + 1) * dimension);
    for (const pin of query) for (let i = 0; i < dimension; i++) own[i] += vectors[pin * dimension + i];
    const length = Math.hypot(...own) || 1;
    for (let i = 0; i < dimension; i++) own[i] /= length;
  });
  return queries;
}

/** One pass over the catalogue for all relevant pins of a case: their ranks are counts of the scores they pass. */
function ranksIn(scores: Float32Array, lift: Float32Array, { query, relevant }: Case): number[] {
  if (query.length === 0) return Array.from(relevant, () => Number.POSITIVE_INFINITY);
  const bars = Float32Array.from(relevant, (pin) => scores[pin] + lift[pin]).sort();
  const lowest = bars[0];
  // passed[i]: pins that reach bar i and not the next one.
  const passed = new Uint32Array(bars.length);
  for (let pin = 0; pin < scores.length; pin++) {
    const score = Math.fround(scores[pin] + lift[pin]);
    if (score < lowest) continue;
    let bar = 0;
    while (bar + 1 < bars.length && score >= bars[bar + 1]) bar++;
    passed[bar]++;
  }
  for (let bar = bars.length - 2; bar >= 0; bar--) passed[bar] += passed[bar + 1];
  return Array.from(relevant, (pin) => {
    const bar = Math.fround(scores[pin] + lift[pin]);
    return bar === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : passed[bars.indexOf(bar)];
  });
}
