import type { Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import { coOccurrences, type ItemNeighbours } from './item-neighbours.js';

/** RP3beta's settings (Paudel et al., ACM TiiS 2017). */
export interface Rp3betaOptions {
  /** Exponent of the first hop's transition probability, from a pin to its boards. */
  alpha: number;
  /** Exponent of the second hop's, from a board to its pins; alpha, as in the paper, unless given. */
  gamma?: number;
  /** Popular pins are divided by degree^beta. */
  beta: number;
  /** Pins kept for each pin. */
  neighbours: number;
}

export const rp3betaDefaults: Rp3betaOptions = { alpha: 0.7, beta: 0.3, neighbours: 400 };

/** Two-hop transition probabilities, each hop raised to its exponent, over the target's degree^beta. */
export function fitRp3beta(
  topology: Topology,
  options: Partial<Rp3betaOptions> = {},
  progress: Progress = silentProgress,
): ItemNeighbours {
  const { alpha, beta, neighbours, gamma = alpha } = withDefaults(rp3betaDefaults, options);
  return coOccurrences(
    topology,
    {
      neighbours,
      boardWeight: (degree) => degree ** -gamma,
      rowFactor: (degree) => degree ** -alpha,
      columnFactor: (degree) => degree ** -beta,
      shrink: 0,
    },
    progress,
  );
}
