import type { Topology } from '../graph/graph.js';

/**
 * Importance neighbourhoods of n pins, T columns each (PinSage, section 3.2): row i holds up to T pins in
 * descending visit count with L1-normalised weights; unused columns have weight 0 and neighbour 0.
 */
export interface Neighbourhoods {
  readonly size: number;
  /** [n, T] dense pin indices. */
  readonly neighbours: Uint32Array;
  /** [n, T]; each row sums to 1, or to 0 for a pin that no walk can leave. */
  readonly weights: Float32Array;
}

export interface ImportancePoolingOptions {
  /** T, the neighbours kept for each pin. */
  neighbours: number;
  /** Two-hop steps (pin → board → pin) spent on each seed, all its walks together. */
  steps: number;
  /** Probability of going back to the seed before a step. */
  restart: number;
  seed: number;
  epoch: number;
}

export interface PixieOptions {
  /** Two-hop steps shared out over the query pins. */
  steps: number;
  restart: number;
  /** Stop early when this many pins (n_p) … */
  stopPins: number;
  /** … have this many visits (n_v); 0 never stops early. */
  stopVisits: number;
  /** Combine the query pins' counts with the multi-hit booster, V[p] = (Σ_q √V_q[p])². */
  boost: boolean;
  seed: number;
}

/** Visited pins in descending (boosted) visit count, ties by dense index; query pins are left out. */
export interface VisitCounts {
  readonly pins: Uint32Array;
  readonly counts: Float32Array;
  /** Two-hop steps actually walked. */
  readonly steps: number;
}

/**
 * A random walk engine over one graph. Implementations give equal visit distributions, not equal bits.
 * The stream of a walk depends on (seed, epoch, pin) alone.
 */
export interface WalkKernel {
  readonly name: 'typescript' | 'wasm';
  importancePool(seeds: Uint32Array, options: ImportancePoolingOptions): Neighbourhoods;
  /** `weights` are w_q of Pixie's step split; `limit` bounds the pins returned. */
  pixie(query: Uint32Array, weights: Float32Array, limit: number, options: PixieOptions): VisitCounts;
}

export type KernelFactory = (topology: Topology) => WalkKernel;
