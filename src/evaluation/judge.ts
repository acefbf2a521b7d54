import { hitRateAt, hitsOf, ndcgAt, recallAt, reciprocalRank, scaledReciprocalRank } from '../metrics/ranking.js';
import { type Case, isFindable } from './cases.js';
import type { TaskName } from './tasks.js';

export interface Measures {
  readonly task: TaskName;
  /** Cut-offs, ascending. */
  readonly ks: readonly number[];
}

/** Pins ranked for each case. Related pins of the catalogue count as last in it below the first 2,000. */
export function depthOf({ task, ks }: { readonly task: string; readonly ks: readonly number[] }): number {
  return Math.max(...ks, task === 'related' ? 2_000 : 0);
}

/** Names of what `judge` returns, in its order. Coverage is no mean over cases and is computed apart. */
export function measureNames({ task, ks }: Measures): string[] {
  const perCut = task === 'related' ? ['hit_rate'] : ['recall', 'ndcg', 'hit_rate'];
  return [...perCut.flatMap((name) => ks.map((k) => `${name}@${k}`)), 'mrr'];
}

/**
 * The figures of one case. `mrr` is 1 / rank of the first hit within the depth; scaled by 100 for related pins, and
 * 0 where no ranking can hold the pin.
 */
export function judge(ranked: Uint32Array, one: Case, { task, ks }: Measures, pinCount: number): number[] {
  const relevant = new Set(one.relevant);
  const hits = hitsOf(ranked, relevant);
  const hitRates = ks.map((k) => hitRateAt(hits, k));
  if (task === 'related') {
    if (!isFindable(one)) return [...hitRates, 0];
    const rank = hits.indexOf(1) + 1 || pinCount;
    return [...hitRates, scaledReciprocalRank(rank)];
  }
  return [
    ...ks.map((k) => recallAt(hits, one.relevantCount, k)),
    ...ks.map((k) => ndcgAt(hits, one.relevantCount, k)),
    ...hitRates,
    reciprocalRank(hits),
  ];
}
