import type { PixieOptions } from '../sampling/kernel.js';

/** A query in dense indices: the pins that stand for what is wanted, with weights. Never changed once made. */
export interface CandidateQuery {
  readonly pins: Uint32Array;
  /** One positive weight a pin. */
  readonly weights: Float32Array;
  /** What live walks from these pins heed. */
  readonly walk?: Pick<PixieOptions, 'bias' | 'avoidBoards'>;
}

/** Pins with one source's scores, descending, ties by dense index. */
export interface ScoredPins {
  readonly pins: Uint32Array;
  readonly scores: Float32Array;
}

export const sourceNames = [
  'random',
  'popularity',
  'content',
  'itemknn',
  'rp3beta',
  'ease',
  'gfcf',
  'spectral',
  'ials',
  'pixie',
  'pinsage',
  'pintext',
  'mapped',
] as const;

export type SourceName = (typeof sourceNames)[number];

/** What a source can say of given pins beside its score, by name. */
export const aspectNames: Partial<Record<SourceName, readonly string[]>> = {
  /** The score by the leading factors alone. */
  spectral: ['coarse'],
  /** The score of the source as it stands alone: by the places on axes too, and with settings of its own. */
  pinsage: ['alone'],
  /** The votes that boards like the query have for the pins nearest to it. */
  mapped: ['votes'],
};

/**
 * One way to find pins for a query. The same object serves the recommender, which combines several, and
 * the evaluation, which compares them: a baseline is a candidate source on its own.
 */
export interface CandidateSource {
  readonly name: SourceName;
  /** The best `limit` pins, fewer where the source knows nothing of the rest. The query's own pins are left out. */
  retrieve(query: CandidateQuery, limit: number): ScoredPins;
  /** This source's scores of given pins, on the scale of `retrieve`; 0 where it knows nothing. */
  score(query: CandidateQuery, pins: Uint32Array): Float32Array;
  /** Its aspects of given pins, in the order of `aspectNames`, each on a scale of its own; 0 where it knows nothing. */
  aspects?(query: CandidateQuery, pins: Uint32Array): readonly Float32Array[];
  /**
   * Scores a block of queries together, where that is cheaper than one by one: until the next call,
   * `retrieve` and `score` of these very objects are look-ups. About 4 bytes a pin and query are held.
   */
  prepare?(queries: readonly CandidateQuery[]): void;
}

/** Queries that a source scores together: enough to share work, few enough to hold a column of scores each. */
export const queriesAtOnce = 16;

/** What asks the sources, in blocks of `queriesAtOnce`; the sources have prepared the queries of a block that is given. */
export function* preparedBlocks<T extends { readonly query: CandidateQuery }>(
  asking: readonly T[],
  sources: readonly CandidateSource[],
): Generator<readonly T[]> {
  for (let from = 0; from < asking.length; from += queriesAtOnce) {
    const block = asking.slice(from, from + queriesAtOnce);
    for (const source of sources) source.prepare?.(block.map(({ query }) => query));
    yield block;
  }
}

/** A query in which every pin weighs the same. */
export function evenQuery(pins: Uint32Array): CandidateQuery {
  return { pins, weights: new Float32Array(pins.length).fill(1) };
}
