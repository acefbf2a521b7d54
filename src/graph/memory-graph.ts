import { createHash } from 'node:crypto';
import { Vocabulary } from '../data/vocabulary.js';
import { type EdgeList, keptTopology, topologyFromEdges } from './adjacency.js';
import { relationsOfKeptPins } from './relations.js';
import type { AttributeName, Attributes, EdgeColumns, FeatureColumn, Graph, Topology } from './graph.js';

export type AttributeRows = Partial<Record<AttributeName, readonly (string | null)[]>>;

export interface GraphParts {
  pins: readonly string[];
  boards: readonly string[];
  /** Dense indices; distinct pairs. */
  edges: EdgeList;
  pinAttributes?: AttributeRows;
  boardAttributes?: AttributeRows;
  features?: readonly FeatureColumn[];
}

function attributes(rows: AttributeRows = {}): Attributes {
  return {
    names: Object.keys(rows) as AttributeName[],
    get: (name, index) => rows[name]?.[index] ?? null,
  };
}

function identity(pins: readonly string[], boards: readonly string[], topology: Topology): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([pins, boards]));
  for (const column of [topology.boards.offsets, topology.boards.neighbours])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength).slice());
  return hash.digest('hex').slice(0, 16);
}

/** A graph made in memory: for tests, for splits and for small data that never touches a disk. */
export function memoryGraph(parts: GraphParts): Graph {
  const topology = topologyFromEdges(parts.edges, parts.pins.length, parts.boards.length);
  return {
    id: identity(parts.pins, parts.boards, topology),
    topology,
    pins: new Vocabulary(parts.pins),
    boards: new Vocabulary(parts.boards),
    pinAttributes: attributes(parts.pinAttributes),
    boardAttributes: attributes(parts.boardAttributes),
    features: parts.features ?? [],
    edges: {},
    relations: [],
  };
}

/**
 * The graph that training may see: the same nodes and attributes without the hidden edges.
 * `hidden[e]` is 1 where edge e, counted in the order of `boards.neighbours`, is held out.
 */
export function withoutEdges(graph: Graph, hidden: Uint8Array): Graph {
  const visible = (_: number, edge: number): boolean => hidden[edge] === 0;
  const topology = keptTopology(graph.topology, visible);
  return {
    ...graph,
    id: identity(graph.pins.ids(), graph.boards.ids(), topology),
    topology,
    edges: keptColumns(graph.edges, visible),
    relations: relationsOfKeptPins(graph, topology),
  };
}

function keptColumns(
  { addedAt, weight, sections }: EdgeColumns,
  visible: (_: number, edge: number) => boolean,
): EdgeColumns {
  return {
    addedAt: addedAt?.filter(visible),
    weight: weight?.filter(visible),
    sections: sections && { names: sections.names, codes: sections.codes.filter(visible) },
  };
}
