import type { CandidateQuery, CandidateSource } from '../candidates/candidate-source.js';
import type { Graph } from '../graph/graph.js';
import type { Scored } from './likeness.js';

/**
 * What a query without pins is answered with: of the `reach` pins on most boards, those not refused, each with its
 * share of all boards for a score. A ranker has never met such a query.
 */
export function popularPins(
  graph: Graph,
  popularity: CandidateSource,
  query: CandidateQuery,
  reach: number,
  refuse: (pin: number) => boolean,
): Scored[] {
  const { pins, scores } = popularity.retrieve(query, reach);
  return Array.from(pins, (pin, rank) => ({
    pin,
    score: scores[rank] / graph.boards.size,
    provenance: [{ source: popularity.name, score: scores[rank], rank }],
  })).filter(({ pin }) => !refuse(pin));
}
