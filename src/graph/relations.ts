import { join } from 'node:path';
import { BoardwalkError } from '../errors.js';
import { type EdgeList, rowOfEachEdge, topologyFromEdges } from './adjacency.js';
import { adjacencyFiles, openTopology } from './adjacency-file.js';
import { degree, type Graph, type Relation, type Side, type Topology } from './graph.js';

/** What a manifest says of a relation. */
export interface RelationRecord {
  readonly name: string;
  /** The relation's own nodes. */
  readonly nodes: number;
  readonly edges: number;
}

const namePattern = /^[a-z][a-z0-9-]{0,31}$/;

/** Throws `bad_option` for a name that would make no good folder. */
export function checkRelationName(name: string): void {
  if (!namePattern.test(name))
    throw new BoardwalkError(
      'bad_option',
      `A relation cannot be named "${name}": use up to 32 small letters, digits and hyphens, the first a letter.`,
      { field: 'with' },
    );
}

export const relationsFolder = 'relations';

/** A relation's folder within a graph directory, which holds two adjacency files as the graph itself does. */
export function relationFolder(name: string): string {
  return `${relationsFolder}/${name}`;
}

/** A relation's files within a graph directory. */
export function relationFiles(name: string): Record<Side, string> {
  const folder = relationFolder(name);
  return { pins: `${folder}/${adjacencyFiles.pins}`, boards: `${folder}/${adjacencyFiles.boards}` };
}

/** Opens a graph directory's relations; throws `mismatch` where their pins are not the graph's. */
export function openRelations(directory: string, records: readonly RelationRecord[], pins: number): Relation[] {
  return records.map(({ name }) => {
    const topology = openTopology(join(directory, relationFolder(name)));
    const rows = topology.pins.offsets.length - 1;
    if (rows !== pins)
      throw new BoardwalkError('mismatch', `${directory}: the relation ${name} has ${rows} pins, the graph ${pins}.`, {
        file: join(directory, relationFiles(name).pins),
      });
    return { name, topology };
  });
}

/** A relation with other pins: pin i becomes `indices[i]`, or goes where that is below 0. */
export function withPinsAt({ pins, boards }: Topology, indices: Int32Array, pinCount: number): Topology {
  const rows = rowOfEachEdge(pins);
  const kept = (_: number, edge: number): boolean => indices[rows[edge]] >= 0;
  const edges: EdgeList = {
    pins: rows.filter(kept).map((pin) => indices[pin]),
    boards: pins.neighbours.filter(kept),
  };
  return topologyFromEdges(edges, pinCount, boards.offsets.length - 1);
}

/**
 * The relations of a graph that lost edges, without those of pins that are on no board any more: such a pin stands for
 * one that is new, of which nobody has looked at anything.
 */
export function relationsOfKeptPins(before: Graph, after: Topology): readonly Relation[] {
  if (before.relations.length === 0) return before.relations;
  const { pins } = before.topology;
  const count = before.pins.size;
  const indices = Int32Array.from({ length: count }, (_, pin) =>
    degree(pins, pin) > 0 && degree(after.pins, pin) === 0 ? -1 : pin,
  );
  if (!indices.includes(-1)) return before.relations;
  return before.relations.map(({ name, topology }) => ({ name, topology: withPinsAt(topology, indices, count) }));
}

/** The relations of those names, in their order; throws `mismatch` where the graph lacks one. */
export function relationsNamed({ relations }: Pick<Graph, 'relations'>, names: readonly string[]): Relation[] {
  return names.map((name) => {
    const found = relations.find((relation) => relation.name === name);
    if (found) return found;
    throw new BoardwalkError(
      'mismatch',
      `The model reads the relation "${name}", and the graph has none of that name: add it with \`boardwalk relate\`.`,
      { field: name },
    );
  });
}
