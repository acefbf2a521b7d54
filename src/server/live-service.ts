import { randomUUID } from 'node:crypto';
import type { RecommendationRequest, RecommendationResponse } from '../blending/recommendation.js';
import type { EmbeddingTable } from '../embedding/table.js';
import type { Graph } from '../graph/graph.js';
import type { LiveGraph } from '../graph/live/live-graph.js';
import type { LiveView } from '../graph/live/live-view.js';
import type { Side } from '../graph/live/operation.js';
import { nodeIndex } from '../graph/node-index.js';
import type { SearchHit } from '../ranking/text-search.js';
import { walkKernelFor } from '../sampling/choose-kernel.js';
import type { WalkKernel } from '../sampling/kernel.js';
import { liveWalks } from './live-walks.js';
import type { RecommendationService } from './service.js';

/**
 * A recommender over a graph that changes meanwhile. What the model knows, it answers, without what has been
 * removed since and without what the boards asked about hold by now; where it knows nothing of what is asked,
 * live walks do, as the fallback `live_walks`.
 */
export class LiveService implements RecommendationService {
  readonly modelId: string;
  readonly graph: Graph;
  readonly table: EmbeddingTable;
  readonly live: LiveGraph;
  readonly #model: RecommendationService;
  #walked: { view: LiveView; kernel: WalkKernel } | undefined;

  /** `model` leaves out what `live` says has been removed. */
  constructor(model: RecommendationService, live: LiveGraph) {
    this.modelId = model.modelId;
    this.graph = model.graph;
    this.table = model.table;
    this.live = live;
    this.#model = model;
  }

  async recommend(request: RecommendationRequest): Promise<RecommendationResponse> {
    const { view } = this.live;
    const { pins = [], boards = [] } = request;
    const askedPins = pins.map((id) => nodeIndex(view, 'pins', id, 'pins'));
    const askedBoards = boards.map((id) => nodeIndex(view, 'boards', id, 'boards'));
    const saved = askedBoards.flatMap((board) => [...view.neighbours('boards', board)]);
    const ofModel = {
      pins: pins.filter((id) => this.#isKnown('pins', id)),
      boards: boards.filter((id) => this.#isKnown('boards', id)),
    };
    const exclude = [...(request.exclude ?? []), ...saved.map((pin) => view.pins.id(pin))];
    const asksNodes = pins.length + boards.length > 0;
    if (!asksNodes || ofModel.pins.length + ofModel.boards.length > 0)
      return this.#checked(view, await this.#model.recommend({ ...request, ...ofModel, exclude }));

    const query = [...new Set([...askedPins, ...saved])];
    const results = liveWalks(view, this.#kernel(view), query, { ...request, exclude });
    // A pin that no board holds yet leads nowhere.
    if (results.length === 0)
      return this.#checked(view, await this.#model.recommend({ user: '', exclude, limit: request.limit }));
    return { request_id: randomUUID(), model_id: this.modelId, results, fallback: 'live_walks', next_cursor: null };
  }

  async search(text: string, limit: number): Promise<readonly SearchHit[]> {
    const hits = await this.#model.search(text, limit);
    return hits.filter(({ pin_id }) => this.#isKnown('pins', pin_id));
  }

  /** What live walks from a pin visit most, new pins included. */
  walks(id: string, limit: number): RecommendationResponse {
    const { view } = this.live;
    const pin = nodeIndex(view, 'pins', id, 'pins');
    const results = liveWalks(view, this.#kernel(view), [pin], { pins: [id], limit });
    return { request_id: randomUUID(), model_id: this.modelId, results, fallback: 'live_walks', next_cursor: null };
  }

  /** Whether the model knows this very node: one that was removed and came back is another. */
  #isKnown(side: Side, id: string): boolean {
    const index = this.graph[side].indexOf(id);
    return index >= 0 && this.live.isStillThere(side, index);
  }

  #kernel(view: LiveView): WalkKernel {
    if (this.#walked?.view !== view) this.#walked = { view, kernel: walkKernelFor(view.topology) };
    return this.#walked.kernel;
  }

  /** The model's reasons may name boards and pins that are gone. */
  #checked(view: LiveView, response: RecommendationResponse): RecommendationResponse {
    const there = (side: Side, id: string | undefined): boolean => id === undefined || view[side].indexOf(id) >= 0;
    const results = response.results.map((result) => ({
      ...result,
      reasons: result.reasons.filter(({ board_id, pin_id }) => there('boards', board_id) && there('pins', pin_id)),
    }));
    return { ...response, results };
  }
}
