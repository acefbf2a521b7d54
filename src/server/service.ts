import type { RecommendationRequest, RecommendationResponse } from '../blending/recommendation.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { LiveGraph } from '../graph/live/live-graph.js';
import type { SearchHit } from '../ranking/text-search.js';

type Awaitable<T> = T | Promise<T>;

/** What the page shows about how the model came to be. Both parts are null where the model directory lacks them. */
export interface TrainingReport {
  /** One row an epoch: numbers by name, `epoch` among them. */
  readonly epochs: readonly Readonly<Record<string, number>>[] | null;
  /** Held-out metrics by method and by name, as `boardwalk evaluate --json` prints them. */
  readonly evaluation: Readonly<{
    task: string;
    methods: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }> | null;
}

/**
 * All that the server needs from the rest of Boardwalk. `recommend` throws BoardwalkError for unknown pins
 * and boards; for a request of n results it returns the first n of those for a larger request, which paging
 * relies on.
 */
export interface RecommendationService {
  readonly modelId: string;
  readonly graph: Graph;
  /** The graph as it changes, where it may be changed through this server. */
  readonly live?: LiveGraph;
  readonly table: EmbeddingTable;
  recommend(request: RecommendationRequest): Awaitable<RecommendationResponse>;
  search(text: string, limit: number): Awaitable<readonly SearchHit[]>;
  /** What walks over the graph as it is now visit most from a pin; where there is `live`. */
  walks?(pin: string, limit: number): RecommendationResponse;
  /** A pin's vector, also of one that the model has never seen; where there is `live`. @throws BoardwalkError `unknown_pin` */
  vector?(pin: string): Promise<Float32Array>;
}

/** What to throw for a pin that is there, and of which the model knows nothing. */
export function newerThanModel(id: string): BoardwalkError {
  return new BoardwalkError(
    'unknown_pin',
    `The pin "${id}" is newer than the model. Renew it with \`boardwalk embed\`.`,
    { field: 'id' },
  );
}

export const noReport: TrainingReport = { epochs: null, evaluation: null };
