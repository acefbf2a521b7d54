import type { RecommendationRequest } from '../../src/blending/recommendation.js';
import { BoardwalkError } from '../../src/errors.js';
import type { Graph } from '../../src/graph/graph.js';
import { type GraphNow, graphNow } from '../../src/graph/graph-view.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import type { RecommendationService, TrainingReport } from '../../src/server/service.js';

/** Ids as hostile as users' own may be: every reserved character of a URL, emoji, 500 bytes. */
export const awkwardIds = [
  'a/b',
  'what?',
  '100%',
  '%2F',
  'x#y',
  'a&b=c+d',
  'white space',
  '"quoted" <b>',
  'back\\slash',
  '🪵🌊',
  'ü'.repeat(250),
  '/'.repeat(500),
  '🪵'.repeat(125),
];

/** Thirty plain pins and the awkward ones on twelve boards of two owners; every pin has two boards or more. */
export function smallGraph(): Graph {
  const pins = [...Array.from({ length: 30 }, (_, pin) => `pin-${pin}`), ...awkwardIds, 'lonely'];
  const boards = [...Array.from({ length: 11 }, (_, board) => `board-${board}`), 'shelf/one?'];
  const edges = { boards: [] as number[], pins: [] as number[] };
  for (let board = 0; board < boards.length; board++)
    for (let pin = 0; pin + 1 < pins.length; pin++)
      if (pin % boards.length === board || (pin * 7) % 5 === board % 5) {
        edges.boards.push(board);
        edges.pins.push(pin);
      }
  return memoryGraph({
    pins,
    boards,
    edges: { boards: Uint32Array.from(edges.boards), pins: Uint32Array.from(edges.pins) },
    pinAttributes: {
      title: pins.map((id) => (id === 'pin-3' ? 'A titled pin' : null)),
      language: pins.map((_, pin) => (pin % 2 ? 'en' : 'de')),
    },
    boardAttributes: { owner: boards.map((_, board) => (board % 2 ? 'ann/1' : 'bob')) },
  });
}

/** A recommender that counts shared boards: plain, slow and true to the contract. */
export function cooccurrenceService(
  graph: Graph = smallGraph(),
  now: GraphNow = graphNow(graph),
): RecommendationService {
  const { pins, boards, pinAttributes, boardAttributes } = now;
  const known = (id: string, kind: 'pin' | 'board'): number => {
    const index = (kind === 'pin' ? pins : boards).indexOf(id);
    if (index < 0) throw new BoardwalkError(`unknown_${kind}`, `There is no ${kind} "${id}".`, { field: `${kind}s` });
    return index;
  };
  const ownedBy = (user?: string): number[] =>
    [...boards.ids().keys()].filter((board) => user && boardAttributes.get('owner', board) === user);

  const recommend = (request: RecommendationRequest) => {
    const queryBoards = [...(request.boards ?? []).map((id) => known(id, 'board')), ...ownedBy(request.user)];
    const query = new Set([
      ...(request.pins ?? []).map((id) => known(id, 'pin')),
      ...queryBoards.flatMap((board) => [...now.neighbours('boards', board)]),
    ]);
    const fallback = query.size === 0 ? 'popular_pins' : null;
    const starts = fallback ? pins.ids().keys() : query;
    const shared = new Map<number, number[]>();
    for (const pin of starts)
      for (const board of now.neighbours('pins', pin))
        for (const other of now.neighbours('boards', board)) {
          const linking = shared.get(other);
          if (linking) linking.push(board);
          else shared.set(other, [board]);
        }
    const languages = request.filters?.language;
    const results = [...shared]
      .filter(([pin]) => !query.has(pin) && !request.exclude?.includes(pins.id(pin)))
      .filter(([pin]) => !languages || languages.includes(pinAttributes.get('language', pin) ?? ''))
      .sort(([a, m], [b, n]) => n.length - m.length || a - b)
      .slice(0, request.limit)
      .map(([pin, linking], rank) => ({
        pin_id: pins.id(pin),
        score: linking.length / (linking.length + 10),
        sources: [{ source: 'itemknn' as const, score: linking.length, rank }],
        reasons: [{ board_id: boards.id(linking[0]), text: `on ${linking.length} of the same boards` }],
        title: pinAttributes.get('title', pin),
        url: null,
        image: null,
      }));
    return { request_id: 'unset', model_id: 'cooccurrence', results, fallback, next_cursor: null };
  };

  const dimension = 4;
  return {
    modelId: 'cooccurrence',
    graph,
    table: {
      modelId: 'cooccurrence',
      graphId: graph.id,
      dimension,
      metric: 'cosine',
      pinIds: graph.pins.ids(),
      vectors: Float32Array.from({ length: pins.size * dimension }, (_, i) => (i % dimension === 0 ? 1 : 0)),
    },
    recommend,
    search: (text, limit) =>
      pins
        .ids()
        .filter((id) => id !== '' && id.includes(text))
        .slice(0, limit)
        .map((pin_id) => ({ pin_id, title: null, score: 1 })),
  };
}

export const report: TrainingReport = {
  epochs: [
    { epoch: 1, loss: 0.9, hit_rate: 0.1 },
    { epoch: 2, loss: 0.5, hit_rate: 0.2 },
  ],
  evaluation: { task: 'board', methods: { popularity: { 'recall@20': 0.04 }, recommender: { 'recall@20': 0.21 } } },
};
