/**
 * Metrics of one ranked list. `hits[r]` is 1 where the pin at rank r (from 0) is relevant, `relevant` is the
 * number of relevant pins, found or not. Lists shorter than k end in misses.
 */
export type Hits = ArrayLike<number>;

/** What `list` hits of the relevant pins, by rank. */
export function hitsOf(list: Uint32Array, relevant: ReadonlySet<number>): Uint8Array {
  return Uint8Array.from(list, (pin) => (relevant.has(pin) ? 1 : 0));
}

function hitCount(hits: Hits, k: number): number {
  let count = 0;
  for (let r = 0; r < k && r < hits.length; r++) if (hits[r]) count++;
  return count;
}

/** Hits among the first k over the number of relevant pins (not over min(k, relevant)). */
export function recallAt(hits: Hits, relevant: number, k: number): number {
  return relevant === 0 ? 0 : hitCount(hits, k) / relevant;
}

/** 1 where any of the first k is relevant. */
export function hitRateAt(hits: Hits, k: number): number {
  return hitCount(hits, k) > 0 ? 1 : 0;
}

/** Discounted gain 1 / log2(rank + 2) over that of an ideal list, which holds min(relevant, k) hits on top. */
export function ndcgAt(hits: Hits, relevant: number, k: number): number {
  let gain = 0;
  let ideal = 0;
  for (let r = 0; r < k; r++) {
    const discount = 1 / Math.log2(r + 2);
    if (r < hits.length && hits[r]) gain += discount;
    if (r < relevant) ideal += discount;
  }
  return ideal === 0 ? 0 : gain / ideal;
}

/** 1 over the rank, from 1, of the first hit; 0 where the list has none. */
export function reciprocalRank(hits: Hits): number {
  for (let r = 0; r < hits.length; r++) if (hits[r]) return 1 / (r + 1);
  return 0;
}

/** PinSage's scaled reciprocal rank 1 / ⌈rank / 100⌉ (section 4.1), rank from 1. */
export function scaledReciprocalRank(rank: number, scale = 100): number {
  return 1 / Math.ceil(rank / scale);
}
