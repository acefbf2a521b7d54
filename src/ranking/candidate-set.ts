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
  /**
   * [candidates] 1 where the pin is among the best `perSource` of a source. Against these every candidate is measured,
   * so that a pin is as probable whatever else is asked for or refused.
   */
  readonly usual: Uint8Array;
}

export interface GatherOptions {
  /** Pins asked of each source where more than `perSource` are looked through. */
  depth?: number;
  /** Candidates whether a source proposes them or not. */
  also?: Iterable<number>;
  /** Left out, but for the usual candidates. */
  refuse?: (pin: number) => boolean;
}

/** Asks every source for its best `perSource` pins, or more. */
export function gatherCandidates(
  sources: readonly CandidateSource[],
  query: CandidateQuery,
  perSource: number,
  { depth = perSource, also = [], refuse = () => false }: GatherOptions = {},
): CandidateSet {
  const lists = sources.map((source) => source.retrieve(query, depth));
  const best = new Set<number>();
  for (const { pins } of lists) for (const pin of pins.subarray(0, perSource)) best.add(pin);
  const union = new Set(best);
  for (const pin of also) if (!refuse(pin)) union.add(pin);
  for (const { pins } of lists) for (const pin of pins.subarray(perSource)) if (!refuse(pin)) union.add(pin);
  const pins = Uint32Array.from(union).sort();
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
  return { query, pins, columns, usual: Uint8Array.from(pins, (pin) => Number(best.has(pin))) };
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
