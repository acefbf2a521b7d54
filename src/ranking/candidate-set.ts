import type { Candidate } from '../candidates/candidate.js';
import type { CandidateQuery, CandidateSource, SourceName } from '../candidates/candidate-source.js';

/** What one source says of every candidate of a query, whether it proposed the pin or another source did. */
export interface SourceColumn {
  readonly source: SourceName;
  /** [candidates], on the source's own scale; 0 where it knows nothing. */
  readonly scores: Float32Array;
  /** [aspects][candidates], as the source names them. */
  readonly aspects: readonly Float32Array[];
  /** [candidates] place in the source's own list, from 0; -1 where it did not propose the pin. */
  readonly ranks: Int32Array;
}

/** The union of what the sources propose for one query: candidates as columns, as scoring reads them. */
export interface CandidateSet {
  readonly query: CandidateQuery;
  /** Ascending dense indices. */
  readonly pins: Uint32Array;
  readonly columns: readonly SourceColumn[];
}

/**
 * Asks every source for its best `perSource` pins; pins for which `refuse` holds are left out, those of `also` are
 * candidates whether a source proposes them or not.
 */
export function gatherCandidates(
  sources: readonly CandidateSource[],
  query: CandidateQuery,
  perSource: number,
  refuse: (pin: number) => boolean = () => false,
  also: Iterable<number> = [],
): CandidateSet {
  const lists = sources.map((source) => source.retrieve(query, perSource));
  const union = new Set(also);
  for (const { pins } of lists) for (const pin of pins) union.add(pin);
  const pins = Uint32Array.from(union)
    .filter((pin) => !refuse(pin))
    .sort();
  const place = new Map<number, number>();
  pins.forEach((pin, i) => place.set(pin, i));
  const columns = sources.map((source, s) => {
    const ranks = new Int32Array(pins.length).fill(-1);
    lists[s].pins.forEach((pin, rank) => {
      const at = place.get(pin);
      if (at !== undefined) ranks[at] = rank;
    });
    return {
      source: source.name,
      scores: source.score(query, pins),
      aspects: source.aspects?.(query, pins) ?? [],
      ranks,
    };
  });
  return { query, pins, columns };
}

/** One row of the set, with its provenance. */
export function candidateAt(set: CandidateSet, row: number): Candidate {
  return {
    pin: set.pins[row],
    provenance: set.columns
      .filter(({ ranks }) => ranks[row] >= 0)
      .map(({ source, scores, ranks }) => ({ source, score: scores[row], rank: ranks[row] })),
  };
}
