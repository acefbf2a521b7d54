import type { WalkedGraph } from '../graph/walk-rows.js';

/**
 * Importance neighbourhoods of n pins, T columns each (PinSage, section 3.2): row i holds up to T pins in
 * descending visit count with L1-normalised weights; unused columns have weight 0 and neighbour 0.
 */
export interface Neighbourhoods {
  readonly size: number;
  /** Where neighbours are of several graphs, each has an equal part of a row's columns, with a sum of its own; else 1. */
  readonly graphs?: number;
  /** [n, T] dense pin indices. */
  readonly neighbours: Uint32Array;
  /** [n, T]; each row sums to 1, or to 0 for a pin that no walk can leave. */
  readonly weights: Float32Array;
  /** The boards that the walks visit, in rows of their own width, where they are asked for. */
  readonly boards?: Omit<Neighbourhoods, 'boards'>;
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

/** The settings of PinSage's experiments, with the walks' length from Boardwalk's own. */
export const importancePoolingDefaults: ImportancePoolingOptions = {
  neighbours: 50,
  steps: 200,
  restart: 0.5,
  seed: 1,
  epoch: 0,
};

/** Dense indices `from` to `to - 1`, such as all boards of one language in a graph that is ordered by it. */
export interface NodeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What a user's walk prefers (Pixie, section 3.1): each draw of a neighbour is, with probability `strength`,
 * a draw among the preferred ones, where there are any.
 */
export interface WalkBias {
  strength: number;
  /** Preferred nodes by range: rows ascend, so they are one part of a row, found by binary search. */
  ranges?: { boards?: NodeRange; pins?: NodeRange };
  /**
   * Preferred nodes by mark, 1 for each, where no range says it: a draw is repeated, up to
   * `biasedDraws` times, until it falls on one.
   */
  marks?: { boards?: Uint8Array; pins?: Uint8Array };
}

/** Draws of one neighbour at most, when marked nodes are preferred or avoided. */
export const biasedDraws = 8;

export interface PixieOptions {
  /** Two-hop steps shared out over the query pins. */
  steps: number;
  restart: number;
  /** A query pin's walk stops early when this many pins (n_p) … */
  stopPins: number;
  /** … have this many visits from it (n_v); 0 never stops early. */
  stopVisits: number;
  /** Combine the query pins' counts with the multi-hit booster, V[p] = (Σ_q √V_q[p])². */
  boost: boolean;
  bias?: WalkBias;
  /** Boards that no step goes through; a walk that finds no other goes back to its query pin. */
  avoidBoards?: Uint32Array;
  /** Pins that are not returned. Walks pass through them. */
  avoidPins?: Uint32Array;
  seed: number;
}

/**
 * The settings of Pixie's production (sections 3.1 and 4), but for the booster: on validation boards it won
 * .005 of recall@20 on citeulike-t and lost .002 on Gowalla, so tuning decides.
 */
export const pixieDefaults: PixieOptions = {
  steps: 100_000,
  restart: 0.5,
  stopPins: 2_000,
  stopVisits: 4,
  boost: false,
  seed: 1,
};

/** Visited pins in descending (boosted) visit count, ties in the order of the first visit, without the query pins. */
export interface VisitCounts {
  readonly pins: Uint32Array;
  readonly counts: Float32Array;
  /** Two-hop steps actually walked. */
  readonly steps: number;
}

/**
 * Random walks over one graph. Implementations give the same visits to the bit: the stream of a walk depends
 * on (seed, epoch, pin) alone, and rows of 2^21 neighbours and more are the only place where they may part.
 */
export interface WalkKernel {
  readonly name: 'typescript' | 'wasm';
  /**
   * One row a seed, in the order of the seeds; the seed is not its own neighbour. Rows are ordered by visit
   * count, ties in the order of the first visit: by dense index the same few pins would always win. `into`,
   * where given, is zeroed memory that the rows are written to.
   */
  importancePool(seeds: Uint32Array, options: ImportancePoolingOptions, into?: Neighbourhoods): Neighbourhoods;
  /** `weights` are w_q of Pixie's step split, relative to each other; `limit` bounds the pins returned. */
  pixie(query: Uint32Array, weights: Float32Array, limit: number, options: PixieOptions): VisitCounts;
}

export type KernelFactory = (graph: WalkedGraph) => WalkKernel;
