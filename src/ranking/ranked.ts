import type { Candidate } from '../candidates/candidate.js';

/** A candidate with Pinnability's answer. */
export interface Ranked extends Candidate {
  /** Calibrated probability that the pin is saved to the collection that the query stands for. */
  readonly probability: number;
}
