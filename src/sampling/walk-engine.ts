import type { Neighbourhoods, WalkBias, WalkKernel } from './kernel.js';

/** What a biased or fenced-in walk heeds; the marks hold one byte a node. */
export interface WalkRules {
  readonly bias: WalkBias | undefined;
  /** 1 for each board that no step goes through. */
  readonly avoided: Uint8Array | undefined;
}

export interface EngineNeeds {
  lanes: number;
  /** Steps of one `advance`. */
  steps: number;
  /** Visits counted before a table is emptied: those of one lane, or of one query pin. */
  visits: number;
  /** Visits in the totals over all query pins. */
  totalVisits: number;
}

/**
 * The inner loops of a walk kernel over one graph: stepping, counting, ranking. Memory is its own; a caller
 * says first what it will need. All counts are whole.
 */
export interface WalkEngine {
  readonly name: WalkKernel['name'];
  /** Lanes that importance pooling goes fastest with. */
  readonly lanes: number;
  reserve(needs: EngineNeeds): void;
  /** Puts a lane on a pin, which must have a board, with a random stream (not 0) of its own. */
  place(lane: number, home: number, stream: number): void;
  /** Steps from `advance` on heed these rules; undefined lifts them. */
  heed(rules: WalkRules | undefined): void;
  /** Moves the first `lanes` lanes `steps` times: home with probability `restart`, then pin → board → pin. */
  advance(lanes: number, steps: number, restart: number): void;
  /** Counts what each lane visited in the latest `advance` and writes row `rowOf[lane]` of `into`. */
  pool(lanes: number, steps: number, into: Neighbourhoods, rowOf: Int32Array): void;
  /**
   * Counts the first `most` visits of the latest `advance`, step by step, until `wanted` more pins beside
   * `skip` have come to `stopVisits`. Returns the visits counted and the pins still wanted.
   */
  count(
    lanes: number,
    most: number,
    skip: number,
    stopVisits: number,
    wanted: number,
  ): { counted: number; wanted: number };
  /** Adds the counts, or their square roots, to the totals and forgets them. */
  settle(rooted: boolean): void;
  /** The totals by rank (squared again if they were rooted), which then are forgotten. */
  ranked(limit: number, rooted: boolean): { pins: Uint32Array; counts: Float32Array };
}

/** Roots are summed as whole numbers of this fraction; 2^21 visits of 200 query pins stay within 32 bits. */
export const rootUnit = 1 / 65_536;
