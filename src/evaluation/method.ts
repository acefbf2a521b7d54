import {
  type CandidateQuery,
  type CandidateSource,
  evenQuery,
  type ScoredPins,
} from '../candidates/candidate-source.js';
import type { Topology } from '../graph/graph.js';
import { popularitySource } from '../candidates/popularity.js';
import { topListed } from '../candidates/top-pins.js';

/** Anything that ranks the catalogue for a query and can be judged: a candidate source, or the recommender as a whole. */
export interface Method {
  readonly name: string;
  /** The best pins of the catalogue, or of those among which it is asked, without the query's own. */
  rank(query: CandidateQuery, limit: number, among?: Uint32Array): ScoredPins;
  prepare?(queries: readonly CandidateQuery[]): void;
}

export function methodOf(source: CandidateSource): Method {
  return {
    name: source.name,
    rank(query, limit, among) {
      if (!among) return source.retrieve(query, limit);
      const pins = among.filter((pin) => !query.pins.includes(pin));
      return topListed(pins, source.score(query, pins), limit);
    },
    prepare: (queries) => source.prepare?.(queries),
  };
}

/** Ranks blocks of queries to a fixed depth, under the rules that hold for every method alike. */
export type RankBlock = (queries: readonly Uint32Array[], depth: number) => ScoredPins[];

/**
 * The evaluation's rules around a method. The whole catalogue without the query's pins is ranked: pins
 * of which the method says nothing follow those that it scored, by dense index, with score 0. A query
 * without pins gets the fallback, popular pins; `random` needs none. With `catalogue`, its pins alone are ranked.
 */
export function fullRanking(method: Method, topology: Topology, catalogue?: Uint32Array): RankBlock {
  const pinCount = topology.pins.offsets.length - 1;
  const popular = methodOf(popularitySource(topology));
  const seen = new Uint8Array(pinCount);
  const allowed = new Uint8Array(pinCount).fill(catalogue ? 0 : 1);
  for (const pin of catalogue ?? []) allowed[pin] = 1;
  const size = catalogue?.length ?? pinCount;
  const completed = (query: CandidateQuery, found: ScoredPins, depth: number): ScoredPins => {
    if (found.pins.length >= depth)
      return { pins: found.pins.subarray(0, depth), scores: found.scores.subarray(0, depth) };
    const own = new Set(query.pins.filter((pin) => allowed[pin])).size;
    const pins = new Uint32Array(Math.min(depth, size - own));
    const scores = new Float32Array(pins.length);
    pins.set(found.pins);
    scores.set(found.scores);
    for (const pin of query.pins) seen[pin] = 1;
    for (const pin of found.pins) seen[pin] = 1;
    for (let pin = 0, next = found.pins.length; next < pins.length; pin++)
      if (allowed[pin] && !seen[pin]) pins[next++] = pin;
    for (const pin of query.pins) seen[pin] = 0;
    for (const pin of found.pins) seen[pin] = 0;
    return { pins, scores };
  };
  return (queries, depth) => {
    const made = queries.map(evenQuery);
    method.prepare?.(made);
    return made.map((query) => {
      const known = query.pins.length > 0 || method.name === 'random';
      return completed(query, (known ? method : popular).rank(query, depth, catalogue), depth);
    });
  };
}
