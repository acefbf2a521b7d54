import type { Case } from '../../src/evaluation/cases.js';
import type { TaskName } from '../../src/evaluation/tasks.js';
import { scaledReciprocalRank } from '../../src/metrics/ranking.js';
import { type RankedVectors, ranksOf } from './ranks.js';

/** Cases by the name of what they ask. */
export type Cases = Readonly<Record<string, { readonly task: TaskName; readonly cases: readonly Case[] }>>;

/** Cut-offs of related pins: the paper's 500 is a ten-thousandth of its catalogue, and here nearer to a fiftieth. */
export const relatedCuts = [10, 100, 500];
export const boardCuts = [20, 100];

/** Figures by `name/measure`: hit rates and the scaled MRR of related pins, recall of board completion. */
export function judged(vectors: RankedVectors, tasks: Cases, bonus: number): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, { task, cases }] of Object.entries(tasks)) {
    const [ranks] = ranksOf(vectors, cases, [bonus]);
    if (task !== 'related') {
      for (const k of boardCuts) figures[`${name}/recall@${k}`] = meanRecall(ranks, cases, k);
      continue;
    }
    // Each case has one relevant pin, so that its hit rate is its recall.
    for (const k of relatedCuts) figures[`${name}/hit_rate@${k}`] = meanRecall(ranks, cases, k);
    const reciprocals = ranks.map(([rank = Number.POSITIVE_INFINITY]) => scaledReciprocalRank(rank));
    figures[`${name}/mrr`] = mean(reciprocals);
  }
  return figures;
}

function meanRecall(ranks: readonly number[][], cases: readonly Case[], k: number): number {
  return mean(ranks.map((of, i) => of.filter((rank) => rank <= k).length / Math.max(1, cases[i].relevantCount)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

const bonuses = [0, 0.05, 0.1, 0.15, 0.2, 0.3];
const boardsForBonus = 200;

/**
 * What is added to the likeness of pins without boards, as a model does it: chosen on the validation edges for
 * the greatest geometric mean of recall@100 of warm and of cold pins.
 */
export function coldBonus(vectors: RankedVectors, validation: Cases): number {
  const kinds = Object.values(validation).map(({ cases }) => cases.slice(0, boardsForBonus));
  if (kinds.some((cases) => cases.length === 0)) return 0;
  const recalls = kinds.map((cases) => ranksOf(vectors, cases, bonuses).map((ranks) => meanRecall(ranks, cases, 100)));
  const products = bonuses.map((_, b) => recalls.reduce((product, each) => product * each[b], 1));
  return bonuses[products.indexOf(Math.max(...products))];
}
