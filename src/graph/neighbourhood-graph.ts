import { UndirectedGraph } from 'graphology';
import { withDefaults } from '../with-defaults.js';
import { type Adjacency, degree, type Graph, neighboursOf, type Side } from './graph.js';
import { graphNow, type GraphView } from './graph-view.js';

/** What a node of a graphology graph says of a pin or board; not `type`, by which sigma.js picks how it draws. */
export interface NodeFacts {
  kind: 'pin' | 'board';
  id: string;
  title: string | null;
  /** In the whole graph. */
  degree: number;
  /** Edges from the centre within the neighbourhood; null where none lead there. */
  distance: number | null;
}

export interface EdgeFacts {
  kind: 'saved';
}

export type NeighbourhoodGraph = UndirectedGraph<NodeFacts, EdgeFacts>;

/** The node in the middle, by its dense index. */
export type Centre = { readonly pin: number } | { readonly board: number };

/** Dense indices of some nodes. */
export interface NodeSet {
  readonly pins: readonly number[];
  readonly boards: readonly number[];
}

/** A pin's or board's key in a graphology graph: ids are unique only within their side. */
export function nodeKey(kind: 'pin' | 'board', id: string): string {
  return `${kind}:${id}`;
}

/** Some nodes, the centre first, with all edges between them. O(pins of the boards). */
export function subgraphOf(graph: Graph, centre: Centre, nodes: NodeSet): NeighbourhoodGraph {
  return subgraphIn(graphNow(graph), centre, nodes);
}

/** What `subgraphOf` makes, of a graph that may change meanwhile. */
export function subgraphIn(graph: GraphView, centre: Centre, nodes: NodeSet): NeighbourhoodGraph {
  const { pins, boards } = graph;
  const found: NeighbourhoodGraph = new UndirectedGraph();
  const keyOfPin = (pin: number): string => nodeKey('pin', pins.id(pin));
  const keyOfBoard = (board: number): string => nodeKey('board', boards.id(board));
  const addPin = (pin: number): void => {
    const title = graph.pinAttributes.get('title', pin);
    const facts = { id: pins.id(pin), title, degree: graph.degree('pins', pin), distance: null };
    found.mergeNode(keyOfPin(pin), { kind: 'pin', ...facts });
  };
  const addBoard = (board: number): void => {
    const title = graph.boardAttributes.get('title', board);
    const facts = { id: boards.id(board), title, degree: graph.degree('boards', board), distance: null };
    found.mergeNode(keyOfBoard(board), { kind: 'board', ...facts });
  };
  if ('pin' in centre) addPin(centre.pin);
  else addBoard(centre.board);
  const wanted = new Set('pin' in centre ? [centre.pin, ...nodes.pins] : nodes.pins);
  for (const pin of wanted) addPin(pin);
  for (const board of new Set('board' in centre ? [centre.board, ...nodes.boards] : nodes.boards)) {
    addBoard(board);
    for (const pin of graph.neighbours('boards', board))
      if (wanted.has(pin)) found.addEdge(keyOfPin(pin), keyOfBoard(board), { kind: 'saved' });
  }
  measureDistances(found);
  return found;
}

/** Breadth first from the first node. */
function measureDistances(found: NeighbourhoodGraph): void {
  const [first] = found.nodes();
  found.setNodeAttribute(first, 'distance', 0);
  let level = [first];
  for (let distance = 1; level.length > 0; distance++) {
    const next = new Set(level.flatMap((key) => found.neighbors(key)));
    level = [...next].filter((key) => found.getNodeAttribute(key, 'distance') === null);
    for (const key of level) found.setNodeAttribute(key, 'distance', distance);
  }
}

/** The boards that hold most of some pins, of those that are `wanted`; small boards first among equals. */
export function linkingBoards(
  graph: GraphView,
  pins: readonly number[],
  limit: number,
  wanted: (board: number, held: number) => boolean,
): number[] {
  const held = new Map<number, number>();
  for (const pin of pins)
    for (const board of graph.neighbours('pins', pin)) held.set(board, (held.get(board) ?? 0) + 1);
  return [...held]
    .filter(([board, count]) => wanted(board, count))
    .sort(([a, m], [b, n]) => n - m || graph.degree('boards', a) - graph.degree('boards', b) || a - b)
    .slice(0, limit)
    .map(([board]) => board);
}

export interface NeighbourhoodOptions {
  /** Edges from the centre to the farthest node. */
  hops: number;
  /** At most this many nodes beside the centre, the nearer hops sharing them evenly. */
  nodes: number;
}

export const neighbourhoodDefaults: NeighbourhoodOptions = { hops: 2, nodes: 100 };

/** Those of the unseen neighbours that hang on most of a hop's nodes, then those of the highest degree. */
function nextHop(
  from: readonly number[],
  rows: Adjacency,
  others: Adjacency,
  seen: Set<number>,
  limit: number,
): number[] {
  const links = new Map<number, number>();
  for (const node of from)
    for (const other of neighboursOf(rows, node)) if (!seen.has(other)) links.set(other, (links.get(other) ?? 0) + 1);
  return [...links]
    .sort(([a, m], [b, n]) => n - m || degree(others, b) - degree(others, a) || a - b)
    .slice(0, limit)
    .map(([node]) => node);
}

/**
 * The nodes around a pin or board, by breadth, as a graphology graph: for drawing, communities, centrality
 * and whatever else its library offers. Read `visitedNeighbourhood` for one chosen by random walks.
 */
export function neighbourhoodGraph(
  graph: Graph,
  centre: Centre,
  options: Partial<NeighbourhoodOptions> = {},
): NeighbourhoodGraph {
  const { hops, nodes } = withDefaults(neighbourhoodDefaults, options);
  const { pins, boards } = graph.topology;
  const seen = { pins: new Set<number>(), boards: new Set<number>() };
  let side: Side = 'pin' in centre ? 'pins' : 'boards';
  let level = ['pin' in centre ? centre.pin : centre.board];
  seen[side].add(level[0]);
  for (let hop = 0, left = nodes; hop < hops && left > 0 && level.length > 0; hop++) {
    const share = Math.ceil(left / (hops - hop));
    const [rows, others] = side === 'pins' ? [pins, boards] : [boards, pins];
    side = side === 'pins' ? 'boards' : 'pins';
    level = nextHop(level, rows, others, seen[side], share);
    for (const node of level) seen[side].add(node);
    left -= level.length;
  }
  return subgraphOf(graph, centre, { pins: [...seen.pins], boards: [...seen.boards] });
}
