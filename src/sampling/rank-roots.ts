import { rootUnit } from './walk-engine.js';

/**
 * The order of the multi-hit booster's sums Σ_q √V_q: indices into `sums`, largest first, ties in the order
 * given, `limit` of them at most.
 */
export function rankRoots(sums: Uint32Array, limit: number): Uint32Array {
  const kept = Math.min(limit, sums.length);
  if (kept === 0) return new Uint32Array(0);
  const least = sums.slice().sort()[sums.length - kept];
  // Few pass the bar, and a sort with a comparison is dear, so only they are sorted; it is stable.
  const best = Uint32Array.from(sums.keys()).filter((index) => sums[index] >= least);
  return best.sort((a, b) => sums[b] - sums[a]).subarray(0, kept);
}

/** (Σ_q √V_q)² of a sum in units. */
export function boosted(sum: number): number {
  return (sum * rootUnit) ** 2;
}

/** √V in units. */
export function rootOf(count: number): number {
  return Math.round(Math.sqrt(count) / rootUnit);
}
