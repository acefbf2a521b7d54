import { rowCount, rowLength, type WalkedGraph } from '../graph/walk-rows.js';

/**
 * How a Pixie query's steps are shared out (section 3.1): N_q = N · w_q s_q / Σ_r w_r s_r with
 * s_q = |E(q)| · (C − log |E(q)|), so that steps grow with the degree, but less than in proportion.
 *
 * C is one more than the largest log degree: with the largest itself the best linked pin would get no step.
 * The weights are in the sum too, so that N is kept to whatever their scale. Pins without a board get 0,
 * every other pin of positive weight at least 1.
 */
export function stepShares(
  pins: WalkedGraph['pins'],
): (query: Uint32Array, weights: Float32Array, steps: number) => number[] {
  let largest = 1;
  for (let pin = 0; pin < rowCount(pins); pin++) largest = Math.max(largest, rowLength(pins, pin));
  const ceiling = 1 + Math.log(largest);
  return (query, weights, steps) => {
    const shares = Array.from(query, (pin, q) => {
      const edges = rowLength(pins, pin);
      // A pin of a changing graph may have outgrown what was the largest.
      return edges === 0 ? 0 : weights[q] * edges * Math.max(1, ceiling - Math.log(edges));
    });
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share) => (share > 0 ? Math.max(1, Math.round((steps * share) / sum)) : 0));
  };
}
