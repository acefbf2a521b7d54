import type { SourceName } from './candidate-source.js';

/** A pin that at least one source proposed, with where it came from. */
export interface Candidate {
  readonly pin: number;
  /** The score and the rank (from 0) that each proposing source gave. */
  readonly provenance: readonly { readonly source: SourceName; readonly score: number; readonly rank: number }[];
}
