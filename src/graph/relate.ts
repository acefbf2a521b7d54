import { BoardwalkError } from '../errors.js';
import { degree, edgeCount, type Graph, type Relation } from './graph.js';
import { checkRelationName, withPinsAt } from './relations.js';

/** What became of a graph that was made a relation of another. */
export interface Related {
  readonly name: string;
  /** Edges that lead from pins of the graph, … */
  readonly edges: number;
  /** … and those of pins that the graph does not have, which are left out. */
  readonly unknownEdges: number;
  /** Pins of the graph with an edge of the relation. */
  readonly pins: number;
}

/**
 * Gives a graph another's edges as a relation of that name, in the place of one that it has: pins are the same where
 * their ids are, and what were boards there become nodes of the relation's own. Throws `mismatch` where no pin is known.
 */
export function relate(graph: Graph, name: string, other: Graph): { graph: Graph; related: Related } {
  checkRelationName(name);
  const indices = Int32Array.from(other.pins.ids(), (id) => graph.pins.indexOf(id));
  const topology = withPinsAt(other.topology, indices, graph.pins.size);
  const edges = topology.pins.neighbours.length;
  if (edges === 0)
    throw new BoardwalkError(
      'mismatch',
      `No edge of ${name} leads from a pin of the graph: its first pin is "${other.pins.ids()[0] ?? ''}", the graph's ` +
        `"${graph.pins.ids()[0] ?? ''}". Both must name pins by the same ids.`,
      { field: name },
    );
  const relation: Relation = { name, topology };
  const others = graph.relations.filter((each) => each.name !== name);
  return {
    graph: { ...graph, relations: [...others, relation].sort((a, b) => (a.name < b.name ? -1 : 1)) },
    related: {
      name,
      edges,
      unknownEdges: edgeCount(other) - edges,
      pins: graph.pins.ids().reduce((sum, _, pin) => sum + Number(degree(topology.pins, pin) > 0), 0),
    },
  };
}
