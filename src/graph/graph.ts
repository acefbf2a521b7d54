import type { attributeNames } from '../data/columns.js';
import type { Vocabulary } from '../data/vocabulary.js';
import type { NodeOrder } from './node-order.js';

/** The two kinds of nodes, and of the rows that begin at them. */
export const sides = ['pins', 'boards'] as const;

export type Side = (typeof sides)[number];

/**
 * One direction of the bipartite graph in compressed sparse rows, as Arrow lays out `List<uint32>`:
 * the neighbours of node i are `neighbours[offsets[i] … offsets[i + 1] - 1]`, ascending.
 * Both arrays lie in shared memory, so handing them to a worker copies nothing.
 */
export interface Adjacency {
  /** Length n + 1. */
  readonly offsets: Uint32Array;
  /** Length = number of edges; dense indices of the other node type. */
  readonly neighbours: Uint32Array;
}

/** Both directions: all that a walk needs, and all that a walk worker is given. */
export interface Topology {
  readonly pins: Adjacency;
  readonly boards: Adjacency;
  /** Where all four arrays lie, if that is WebAssembly's memory: then the wasm walk kernel reads them in place. */
  readonly memory?: WebAssembly.Memory;
}

export type AttributeName = (typeof attributeNames)[number];

/** A node type's descriptive columns. */
export interface Attributes {
  readonly names: readonly AttributeName[];
  /** null where the column or the cell is absent. `created_at` reads as ISO 8601. */
  get(name: AttributeName, index: number): string | null;
}

/** A dense feature column of pins: row i is `values[i * dimension … (i + 1) * dimension - 1]`. */
export interface FeatureColumn {
  readonly name: string;
  readonly dimension: number;
  readonly values: Float32Array;
}

/** A board's parts (or any label of an edge), by code; code 0 stands for none. */
export interface SectionColumn {
  readonly names: readonly string[];
  readonly codes: Uint16Array | Uint32Array;
}

/** Per-edge columns in the order of `boards.neighbours`; a column is absent where no edge has a value. */
export interface EdgeColumns {
  /** Milliseconds since 1970, NaN where unknown. */
  readonly addedAt?: Float64Array;
  readonly weight?: Float32Array;
  readonly sections?: SectionColumn;
}

/**
 * Another bipartite graph over the same pins, of other things that people did with them: searched, looked closer, bought
 * (MultiBiSage). Its boards are nodes of its own, such as queries or sessions, and have no ids any more.
 */
export interface Relation {
  readonly name: string;
  readonly topology: Topology;
}

/** A pin-board graph held in memory, whether opened from a graph directory or made in a test. */
export interface Graph {
  /** Hash of what the graph holds; equal graphs have equal ids. */
  readonly id: string;
  readonly topology: Topology;
  readonly pins: Vocabulary;
  readonly boards: Vocabulary;
  readonly pinAttributes: Attributes;
  readonly boardAttributes: Attributes;
  readonly features: readonly FeatureColumn[];
  readonly edges: EdgeColumns;
  /** Other graphs over the same pins, by name; most graphs have none. */
  readonly relations: readonly Relation[];
  /** How nodes were numbered, where by more than their ids. */
  readonly order?: NodeOrder;
}

export function edgeCount(graph: { topology: Topology }): number {
  return graph.topology.boards.neighbours.length;
}

export function degree(adjacency: Pick<Adjacency, 'offsets'>, index: number): number {
  return adjacency.offsets[index + 1] - adjacency.offsets[index];
}

export function degreesOf({ offsets }: Pick<Adjacency, 'offsets'>): Uint32Array {
  return Uint32Array.from({ length: offsets.length - 1 }, (_, row) => offsets[row + 1] - offsets[row]);
}

/** [rows] the number of neighbours of each node, 1 where it has none, to a power. */
export function degreePowers(degrees: Uint32Array, power: number): Float32Array {
  return Float32Array.from(degrees, (neighbours) => Math.max(1, neighbours) ** power);
}

/** The neighbours of one node, as a view. */
export function neighboursOf(adjacency: Adjacency, index: number): Uint32Array {
  return adjacency.neighbours.subarray(adjacency.offsets[index], adjacency.offsets[index + 1]);
}

/** Whether a pin has a vector: rows of zeros stand for none. */
export function hasVector({ values, dimension }: FeatureColumn, pin: number): boolean {
  return values.subarray(pin * dimension, (pin + 1) * dimension).some((cell) => cell !== 0);
}

/** Bytes of both directions as they lie in memory. */
export function topologyBytes(pins: number, boards: number, edges: number): number {
  return 4 * (pins + boards + 2 + 2 * edges);
}

/** The pins that no board holds: cold ones, of which content alone tells. */
export function pinsWithoutBoards({ offsets }: Pick<Adjacency, 'offsets'>): Uint32Array {
  const pins: number[] = [];
  for (let pin = 0; pin + 1 < offsets.length; pin++) if (offsets[pin] === offsets[pin + 1]) pins.push(pin);
  return Uint32Array.from(pins);
}
