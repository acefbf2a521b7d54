import { randomUUID } from 'node:crypto';
import { type BlendOptions, blend } from './blending/blend.js';
import { explain } from './blending/explanation.js';
import { boardsByOwner, type Interests, interestsOf } from './blending/interests.js';
import { discountPopular, type Scored } from './blending/likeness.js';
import { popularPins } from './blending/popular-pins.js';
import { presented } from './blending/present.js';
import type { Recommendation, RecommendationRequest, RecommendationResponse } from './blending/recommendation.js';
import { narrows, overFetch, refusal } from './blending/rules.js';
import type { CandidateQuery, CandidateSource, ScoredPins } from './candidates/candidate-source.js';
import { popularitySource } from './candidates/popularity.js';
import { topListed } from './candidates/top-pins.js';
import { walkRulesOf } from './candidates/walk-preferences.js';
import type { EmbeddingTable } from './embedding/table.js';
import type { Graph } from './graph/graph.js';
import { type GraphNow, graphNow } from './graph/graph-view.js';
import { type CandidateSet, candidateAt, gatherCandidates } from './ranking/candidate-set.js';
import { FeatureExtractor } from './ranking/features.js';
import { Linkage } from './ranking/linkage.js';
import { type PinnabilityModel, probabilities } from './ranking/pinnability.js';
import type { Ranked } from './ranking/ranked.js';
import { type SearchHit, TextSearch } from './ranking/text-search.js';

export interface RecommenderParts {
  readonly modelId: string;
  readonly graph: Graph;
  readonly table: EmbeddingTable;
  /** The columns of `table` by which likeness is told; all of them where left out. */
  readonly trained?: EmbeddingTable;
  /** In the order in which the ranker was fitted. */
  readonly sources: readonly CandidateSource[];
  readonly ranker: PinnabilityModel;
  readonly blend: BlendOptions;
  /** Pins asked of each source for a query. */
  readonly candidatesPerSource: number;
  /** What requests are read by, and answers told by; `graph`, which all scores are of, where left out. */
  readonly now?: GraphNow;
}

/**
 * Answers requests from a fitted model: the query, candidates from every source, features, Pinnability,
 * blending, explanation. It holds no state between requests; a request for n results returns the first n
 * of a larger request's.
 */
export class Recommender {
  readonly modelId: string;
  readonly graph: Graph;
  readonly table: EmbeddingTable;
  readonly #parts: RecommenderParts;
  readonly #trained: EmbeddingTable;
  readonly #now: GraphNow;
  readonly #extractor: FeatureExtractor;
  readonly #linkage: Linkage;
  /** For queries without pins, whatever the model's own sources. */
  readonly #popularity: CandidateSource;
  #owners: Map<string, number[]> | undefined;
  #textSearch: TextSearch | undefined;

  constructor(parts: RecommenderParts) {
    this.#parts = parts;
    this.modelId = parts.modelId;
    this.graph = parts.graph;
    this.table = parts.table;
    const names = parts.sources.map(({ name }) => name);
    this.#trained = parts.trained ?? parts.table;
    this.#extractor = new FeatureExtractor(parts.graph, this.#trained, names);
    this.#now = parts.now ?? graphNow(parts.graph);
    this.#linkage = new Linkage(this.#now);
    const popularity = parts.sources.find(({ name }) => name === 'popularity');
    this.#popularity = popularity ?? popularitySource(parts.graph.topology);
  }

  /** @throws BoardwalkError `unknown_pin`, `unknown_board`, `bad_request`; an unknown user gets the named fallback */
  recommend(request: RecommendationRequest): RecommendationResponse {
    this.#owners ??= boardsByOwner(this.graph);
    const interests = this.#walkedBy(request, interestsOf(this.#now, request, this.#owners));
    const scored = interests.fallback === null ? this.#scored(interests, request) : this.#popular(interests, request);
    const shown = blend(scored, request.limit, this.#now, this.#parts.blend);
    return {
      request_id: randomUUID(),
      model_id: this.modelId,
      results: this.#present(shown, interests.queries),
      fallback: interests.fallback,
      next_cursor: null,
    };
  }

  /** Lets the sources score a block of queries together, where that is cheaper, before `rankForQuery` of each. */
  prepare(queries: readonly CandidateQuery[]): void {
    for (const source of this.#parts.sources) source.prepare?.(queries);
  }

  /**
   * The best pins for a query in order of probability, before blending: what batch evaluation measures. Candidates
   * are those of a served request, whatever the limit, so there may be fewer pins than that.
   */
  rankForQuery(query: CandidateQuery, limit: number): ScoredPins {
    return this.#rankGathered(query, this.#parts.candidatesPerSource, limit);
  }

  /**
   * The best pins for a query where a longer list is wanted than a served request has candidates for: those of
   * `rankForQuery`, then pins that lie deeper in the sources' lists, by probability, none of which scores more than the
   * last one served.
   */
  listForQuery(query: CandidateQuery, limit: number): ScoredPins {
    const served = this.rankForQuery(query, limit);
    const missing = limit - served.pins.length;
    if (missing <= 0 || limit <= this.#parts.candidatesPerSource) return served;
    const listed = new Set(served.pins);
    const deeper = this.#rankGathered(query, limit, limit);
    const rest = [...deeper.pins.keys()].filter((row) => !listed.has(deeper.pins[row])).slice(0, missing);
    const last = served.scores.at(-1) ?? 1;
    return {
      pins: Uint32Array.of(...served.pins, ...rest.map((row) => deeper.pins[row])),
      scores: Float32Array.of(...served.scores, ...rest.map((row) => Math.min(last, deeper.scores[row]))),
    };
  }

  /** The best of some pins alone, without those of the query, each as probable as beside all others. */
  rankAmong(query: CandidateQuery, among: Uint32Array, limit: number): ScoredPins {
    const perSource = this.#parts.candidatesPerSource;
    const { pins, scores } = this.#score(gatherCandidates(this.#parts.sources, query, perSource, { also: among }));
    const asked = new Set(among);
    for (const pin of query.pins) asked.delete(pin);
    const isAsked = (_: number, row: number): boolean => asked.has(pins[row]);
    return topListed(pins.filter(isAsked), Float32Array.from(scores.filter(isAsked)), limit);
  }

  /** Pins whose id, title or text match what was typed so far. The index is made on first use. */
  search(text: string, limit: number): SearchHit[] {
    this.#textSearch ??= new TextSearch(this.#now);
    return this.#textSearch.search(text, limit);
  }

  #rankGathered(query: CandidateQuery, perSource: number, limit: number): ScoredPins {
    const { pins, scores } = this.#score(gatherCandidates(this.#parts.sources, query, perSource));
    return topListed(pins, Float32Array.from(scores), limit);
  }

  #score(set: CandidateSet): { set: CandidateSet; pins: Uint32Array; scores: Float64Array } {
    return { set, pins: set.pins, scores: probabilities(this.#parts.ranker, this.#extractor.extract(set)) };
  }

  /** Every query of a request has the same rules for walks. */
  #walkedBy(request: RecommendationRequest, interests: Interests): Interests {
    const walk = walkRulesOf(this.graph, request);
    return walk ? { ...interests, queries: interests.queries.map((query) => ({ ...query, walk })) } : interests;
  }

  #refusalOf(known: ReadonlySet<number>, request: RecommendationRequest): (pin: number) => boolean {
    const refused = refusal(this.#now, request);
    return (pin) => known.has(pin) || this.#now.pins.id(pin) === '' || refused(pin);
  }

  /** Pins asked of each source: more by those that it may propose in vain, where any are excluded. */
  #reachOf(known: ReadonlySet<number>, request: RecommendationRequest): number {
    const usual = this.#parts.candidatesPerSource * (narrows(request) ? overFetch : 1);
    const { pins } = this.graph;
    const excluded = new Set(
      request.exclude?.map((id) => pins.indexOf(id)).filter((pin) => pin >= 0 && !known.has(pin)),
    );
    return excluded.size === 0 ? usual : Math.min(pins.size, usual + excluded.size + known.size);
  }

  #popular({ queries, known }: Interests, request: RecommendationRequest): Scored[] {
    const refuse = this.#refusalOf(known, request);
    return popularPins(this.graph, this.#popularity, queries[0], this.#reachOf(known, request), refuse);
  }

  /** Candidates of every interest; a pin that serves several keeps the interest that it serves best. */
  #rankInterests({ queries, known }: Interests, request: RecommendationRequest): Ranked[] {
    const refuse = this.#refusalOf(known, request);
    const perSource = this.#parts.candidatesPerSource;
    const depth = this.#reachOf(known, request);
    const best = new Map<number, Ranked>();
    for (const query of queries) {
      const { set, pins, scores } = this.#score(
        gatherCandidates(this.#parts.sources, query, perSource, { depth, refuse }),
      );
      pins.forEach((pin, row) => {
        if (refuse(pin) || scores[row] <= (best.get(pin)?.probability ?? -1)) return;
        best.set(pin, { ...candidateAt(set, row), probability: scores[row] });
      });
    }
    return [...best.values()].sort((a, b) => b.probability - a.probability || a.pin - b.pin);
  }

  /** Pins alone ask for what is like them, boards and people for what they would save next. */
  #scored(interests: Interests, request: RecommendationRequest): readonly Scored[] {
    const { boards, user } = request;
    const ranked = this.#rankInterests(interests, request);
    if (!boards?.length && user === undefined)
      return discountPopular(ranked, this.graph.topology.pins, this.#parts.blend.likeness);
    return ranked.map((one) => ({ ...one, score: one.probability }));
  }

  #present(shown: readonly Scored[], queries: readonly CandidateQuery[]): Recommendation[] {
    const query = Uint32Array.from(new Set(queries.flatMap(({ pins }) => [...pins])));
    const reasons = explain(this.#now, this.#trained, this.#linkage, query, shown, queries[0]?.walk?.avoidBoards);
    return shown.map(({ pin, score, provenance }, i) =>
      presented(this.#now, pin, { score, sources: provenance, reasons: reasons[i] }),
    );
  }
}
