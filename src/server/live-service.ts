import { randomUUID } from 'node:crypto';
import type { Recommendation, RecommendationRequest, RecommendationResponse } from '../blending/recommendation.js';
import type { NearestNeighbours } from '../ann/nearest-neighbours.js';
import type { PinEmbedder } from '../embedding/pin-embedder.js';
import { type EmbeddingTable, vectorOf } from '../embedding/table.js';
import type { Graph, Side } from '../graph/graph.js';
import type { LiveGraph } from '../graph/live/live-graph.js';
import type { LiveView } from '../graph/live/live-view.js';
import { nodeIndex } from '../graph/node-index.js';
import type { SearchHit } from '../ranking/text-search.js';
import { walkKernelFor } from '../sampling/choose-kernel.js';
import type { WalkKernel } from '../sampling/kernel.js';
import { alikePins } from './alike-pins.js';
import { liveWalks } from './live-walks.js';
import { newerThanModel, type RecommendationService } from './service.js';

/** What pins that the model has never seen are answered with, where no walk leads on from them. */
export interface NewPins {
  /** Opened when a new pin is first asked for. */
  readonly embedder: () => Promise<PinEmbedder>;
  /** Over the trained columns of the model's table. */
  readonly index: NearestNeighbours;
}

/**
 * A recommender over a graph that changes meanwhile. What the model knows, it answers, without what the boards asked
 * about hold by now; where it knows nothing of what is asked,
 * live walks do, as the fallback `live_walks`; and where they lead nowhere, as from a pin that no board holds yet, the
 * pins with vectors alike, as the fallback `nearest_vectors`.
 */
export class LiveService implements RecommendationService {
  readonly modelId: string;
  readonly graph: Graph;
  readonly table: EmbeddingTable;
  readonly live: LiveGraph;
  readonly #model: RecommendationService;
  readonly #newPins: NewPins | undefined;
  #embedder: Promise<PinEmbedder> | undefined;
  #walked: { view: LiveView; kernel: WalkKernel } | undefined;

  /** `model` reads requests and tells its answers by what `live` says that the base is now. */
  constructor(model: RecommendationService, live: LiveGraph, newPins?: NewPins) {
    this.modelId = model.modelId;
    this.graph = model.graph;
    this.table = model.table;
    this.live = live;
    this.#model = model;
    this.#newPins = newPins;
  }

  async recommend(request: RecommendationRequest): Promise<RecommendationResponse> {
    const { view } = this.live;
    const { pins = [], boards = [] } = request;
    const askedPins = pins.map((id) => nodeIndex(view, 'pins', id, 'pins'));
    const askedBoards = boards.map((id) => nodeIndex(view, 'boards', id, 'boards'));
    const saved = askedBoards.flatMap((board) => [...view.neighbours('boards', board)]);
    const ofModel = {
      pins: pins.filter((id) => this.#isKnown('pins', id)),
      boards: boards.filter((id) => this.#holdsKnown(id)),
    };
    const exclude = [...(request.exclude ?? []), ...saved.map((pin) => view.pins.id(pin))];
    const asksNodes = pins.length + boards.length > 0;
    if (!asksNodes || ofModel.pins.length + ofModel.boards.length > 0) {
      const newer = [
        ...pins.filter((id) => !this.#isKnown('pins', id)),
        ...boards.filter((id) => !this.#holdsKnown(id)),
      ];
      const response = await this.#model.recommend({ ...request, ...ofModel, exclude });
      return newer.length > 0 ? { ...response, newer_than_model: [...new Set(newer)] } : response;
    }

    const query = [...new Set([...askedPins, ...saved])];
    const walked = liveWalks(view, this.#kernel(view), query, { ...request, exclude });
    if (walked.length > 0) return this.#answer(walked, 'live_walks');
    const alike = await this.#alike(view, query, { ...request, exclude });
    if (alike.length > 0) return this.#answer(alike, 'nearest_vectors');
    return this.#model.recommend({ ...request, pins: [], boards: [], user: request.user ?? '', exclude });
  }

  async search(text: string, limit: number): Promise<readonly SearchHit[]> {
    return this.#model.search(text, limit);
  }

  /** What live walks from a pin visit most, new pins included. */
  walks(id: string, limit: number): RecommendationResponse {
    const { view } = this.live;
    const pin = nodeIndex(view, 'pins', id, 'pins');
    return this.#answer(liveWalks(view, this.#kernel(view), [pin], { pins: [id], limit }), 'live_walks');
  }

  /** A pin's vector: the table's or, of a pin that came after the model, one made now of its content and boards. */
  async vector(id: string): Promise<Float32Array> {
    const { view } = this.live;
    const pin = nodeIndex(view, 'pins', id, 'id');
    if (this.#isKnown('pins', id)) return vectorOf(this.table, this.graph.pins.indexOf(id));
    const [vector] = await this.#vectorsOf(view, [pin]);
    if (vector) return vector;
    throw newerThanModel(id);
  }

  /** Vectors of pins made now; none where this server makes none. */
  async #vectorsOf(view: LiveView, pins: readonly number[]): Promise<Float32Array[]> {
    if (!this.#newPins || pins.length === 0) return [];
    const embedder = await (this.#embedder ??= this.#newPins.embedder().catch((error) => {
      // What failed once may go well at the next request.
      this.#embedder = undefined;
      throw error;
    }));
    const { dimension } = embedder;
    const vectors = embedder.embed(view, Uint32Array.from(pins));
    return pins.map((_, row) => vectors.subarray(row * dimension, (row + 1) * dimension));
  }

  async #alike(view: LiveView, query: readonly number[], request: RecommendationRequest): Promise<Recommendation[]> {
    // Of a pin without a word or a board, nothing is known that a vector could say.
    const described = query.filter(
      (pin) =>
        view.degree('pins', pin) > 0 || view.pinAttributes.get('title', pin) || view.pinAttributes.get('text', pin),
    );
    if (!this.#newPins) return [];
    const { index } = this.#newPins;
    const vectors = await this.#vectorsOf(view, described);
    const trained = vectors.map((vector) => vector.subarray(0, index.dimension));
    return alikePins(this.live.baseNow, index, trained, request);
  }

  #answer(results: readonly Recommendation[], fallback: string): RecommendationResponse {
    return { request_id: randomUUID(), model_id: this.modelId, results, fallback, next_cursor: null };
  }

  /** Whether the model knows this very node: one that was removed and came back is another. */
  #isKnown(side: Side, id: string): boolean {
    return this.live.baseNow[side].indexOf(id) >= 0;
  }

  /** Whether the model knows a board and a pin that it still holds: by no other can it be asked. */
  #holdsKnown(id: string): boolean {
    const { baseNow } = this.live;
    const board = baseNow.boards.indexOf(id);
    return board >= 0 && baseNow.neighbours('boards', board).length > 0;
  }

  #kernel(view: LiveView): WalkKernel {
    if (this.#walked?.view !== view) this.#walked = { view, kernel: walkKernelFor(view.topology) };
    return this.#walked.kernel;
  }
}
