import type { Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { coOccurrences, type ItemNeighbours } from './item-neighbours.js';

/** RP3beta's settings (Paudel et al., ACM TiiS 2017). */
export interface Rp3betaOptions {
  /** Exponent of both hops' transition probabilities. */
  alpha: number;
  /** Popular pins are divided by degree^beta. */
  beta: number;
  /** Pins kept for each pin. */
  neighbours: number;
}

export const rp3betaDefaults: Rp3betaOptions = { alpha: 0.7, beta: 0.3, neighbours: 400 };

/** Two-hop transition probabilities, each hop raised to alpha, over the target's degree^beta. */
export function fitRp3beta(
  topology: Topology,
  options: Partial<Rp3betaOptions> = {},
  progress: Progress = silentProgress,
): ItemNeighbours {
  const { alpha, beta, neighbours } = { ...rp3betaDefaults, ...options };
  return coOccurrences(
    topology,
    {
      neighbours,
      boardWeight: (degree) => degree ** -alpha,
      rowFactor: (degree) => degree ** -alpha,
      columnFactor: (degree) => degree ** -beta,
      shrink: 0,
    },
    progress,
  );
}
