import type { UndirectedGraph } from 'graphology';
import layout from 'graphology-layout-forceatlas2';
import type { GraphView } from '../graph/graph-view.js';
import { linkingBoards, type NodeFacts, nodeKey, subgraphIn } from '../graph/neighbourhood-graph.js';
import { arrangeOnDisc, type PlacedNode } from './disc-layout.js';

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

type Drawing = UndirectedGraph<NodeFacts & PlacedNode, Pick<NeighbourhoodEdge, 'kind'>>;

/** Boards drawn around a pin: more of them hide one another at a phone's width. */
const boardLimit = 14;
const layoutSteps = 150;

/** A pin, the pins related to it and the boards that link them, laid out by ForceAtlas2 and evened out; the same each time. */
export function neighbourhood(graph: GraphView, centre: number, related: readonly number[]): Neighbourhood {
  const own = new Set(graph.neighbours('pins', centre));
  const boards = linkingBoards(graph, [centre, ...related], boardLimit, (board) => own.has(board));
  // A subgraph that is about to get places, and edges of another kind.
  const drawing = subgraphIn(graph, { pin: centre }, { pins: related, boards }) as unknown as Drawing;
  const pins = drawing.order - boards.length;
  let index = 0;
  drawing.forEachNode((key, { kind }) => {
    // A spiral in golden angles: a start without overlaps and without chance.
    const angle = index * 2.399963;
    const radius = Math.sqrt(index);
    const size = kind === 'board' ? 4 : index === 0 ? 15 : 9 - 4 * (index / pins);
    drawing.mergeNodeAttributes(key, { x: radius * Math.cos(angle), y: radius * Math.sin(angle), size });
    index++;
  });
  const middle = nodeKey('pin', graph.pins.id(centre));
  drawing.forEachNode((key) => {
    if (key !== middle && drawing.degree(key) === 0) drawing.addEdge(middle, key, { kind: 'similar' });
  });

  forceAtlas2.assign(drawing, { iterations: layoutSteps, settings: forceAtlas2.inferSettings(drawing) });
  const nodes = drawing.mapNodes((key, { kind, id, title, x, y, size }): NeighbourhoodNode => {
    return { key, kind: key === middle ? 'centre' : kind, id, label: title ?? id, x, y, size };
  });
  arrangeOnDisc(nodes);
  return { nodes, edges: drawing.mapEdges((_edge, { kind }, source, target) => ({ source, target, kind })) };
}
