import { UndirectedGraph } from 'graphology';
import layout from 'graphology-layout-forceatlas2';
import { arrangeOnDisc } from './disc-layout.js';
import { degree, type Graph, neighboursOf } from '../graph/graph.js';

// The package is CommonJS with the types of an ES module: what is imported already is its default.
const forceAtlas2 = layout as unknown as typeof layout.default;

export interface NeighbourhoodNode {
  readonly key: string;
  readonly kind: 'centre' | 'pin' | 'board';
  readonly id: string;
  readonly label: string;
  /** Pixels from the centre. */
  x: number;
  y: number;
  /** Radius in pixels. */
  readonly size: number;
}

export interface NeighbourhoodEdge {
  readonly source: string;
  readonly target: string;
  readonly kind: 'saved' | 'similar';
}

export interface Neighbourhood {
  readonly nodes: readonly NeighbourhoodNode[];
  readonly edges: readonly NeighbourhoodEdge[];
}

/** Boards drawn around a pin: more of them hide one another at a phone's width. */
const boardLimit = 14;
const layoutSteps = 150;

/** Of the boards that hold the centre, those that hold most of the related pins; small boards first among equals. */
function linkingBoards({ topology }: Graph, centre: number, related: readonly number[]): number[] {
  const held = new Map([...neighboursOf(topology.pins, centre)].map((board) => [board, 0]));
  for (const pin of related)
    for (const board of neighboursOf(topology.pins, pin)) {
      const count = held.get(board);
      if (count !== undefined) held.set(board, count + 1);
    }
  return [...held]
    .sort(([a, m], [b, n]) => n - m || degree(topology.boards, a) - degree(topology.boards, b) || a - b)
    .slice(0, boardLimit)
    .map(([board]) => board);
}

/** A pin, the pins related to it and the boards that link them, laid out by ForceAtlas2 and evened out; the same each time. */
export function neighbourhood(graph: Graph, centre: number, related: readonly number[]): Neighbourhood {
  const { topology } = graph;
  const boards = linkingBoards(graph, centre, related);
  const pins = [centre, ...related];
  const drawing = new UndirectedGraph();
  const place = (index: number, kind: NeighbourhoodNode['kind'], id: string, label: string, size: number): void => {
    // A spiral in golden angles: a start without overlaps and without chance.
    const angle = index * 2.399963;
    const radius = Math.sqrt(index);
    const key = kind === 'board' ? `board:${id}` : `pin:${id}`;
    drawing.addNode(key, { kind, id, label, size, x: radius * Math.cos(angle), y: radius * Math.sin(angle) });
  };
  const pinKey = (pin: number): string => `pin:${graph.pins.id(pin)}`;

  for (const [index, pin] of pins.entries()) {
    const id = graph.pins.id(pin);
    const label = graph.pinAttributes.get('title', pin) ?? id;
    place(index, index === 0 ? 'centre' : 'pin', id, label, index === 0 ? 15 : 9 - 4 * (index / pins.length));
  }
  for (const [index, board] of boards.entries()) {
    const id = graph.boards.id(board);
    place(pins.length + index, 'board', id, graph.boardAttributes.get('title', board) ?? id, 4);
    const held = new Set(neighboursOf(topology.boards, board));
    for (const pin of pins) if (held.has(pin)) drawing.addEdge(pinKey(pin), `board:${id}`, { kind: 'saved' });
  }
  for (const pin of related)
    if (drawing.degree(pinKey(pin)) === 0) drawing.addEdge(pinKey(centre), pinKey(pin), { kind: 'similar' });

  forceAtlas2.assign(drawing, { iterations: layoutSteps, settings: forceAtlas2.inferSettings(drawing) });
  const nodes = drawing.mapNodes((key, attributes) =>
    Object.assign({ key }, attributes as Omit<NeighbourhoodNode, 'key'>),
  );
  arrangeOnDisc(nodes);
  return { nodes, edges: drawing.mapEdges((_edge, { kind }, source, target) => ({ source, target, kind })) };
}
