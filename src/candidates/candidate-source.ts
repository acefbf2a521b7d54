/** A query in dense indices: the pins that stand for what is wanted, with weights, and where they come from. */
export interface CandidateQuery {
  readonly pins: Uint32Array;
  /** One positive weight a pin. */
  readonly weights: Float32Array;
}

/** Pins with one source's scores, descending, ties by dense index. */
export interface ScoredPins {
  readonly pins: Uint32Array;
  readonly scores: Float32Array;
}

export type SourceName = 'popularity' | 'content' | 'itemknn' | 'rp3beta' | 'gfcf' | 'pixie' | 'pinsage' | 'random';

/**
 * One way to find pins for a query. The same object serves the recommender, which combines several, and
 * the evaluation, which compares them: a baseline is a candidate source on its own.
 */
export interface CandidateSource {
  readonly name: SourceName;
  /** The best `limit` pins. The query's own pins are left out. */
  retrieve(query: CandidateQuery, limit: number): ScoredPins;
  /** This source's scores of given pins, on the scale of `retrieve`; 0 where it knows nothing. */
  score(query: CandidateQuery, pins: Uint32Array): Float32Array;
}
