import { grouped } from '../grouped.js';
import type { Adjacency, Topology } from './graph.js';
import { paddedBytes, SharedMemory } from './shared-memory.js';

/** Edges as two parallel columns of dense indices. */
export interface EdgeList {
  readonly boards: Uint32Array;
  readonly pins: Uint32Array;
}

/** The pins of each board that has an edge; boards in the order of their first edges, a board's pins in that of its edges. */
export function pinsByBoard({ boards, pins }: EdgeList): Map<number, number[]> {
  return grouped(boards, pins);
}

/** Counting sort of edges by `from`, stable: O(edges), two passes, no comparison. */
function sortBy(from: Uint32Array, to: Uint32Array, size: number, shared: SharedMemory): Adjacency {
  const offsets = shared.uint32(size + 1);
  for (let e = 0; e < from.length; e++) offsets[from[e] + 1]++;
  for (let i = 0; i < size; i++) offsets[i + 1] += offsets[i];
  const neighbours = shared.uint32(from.length);
  const next = offsets.slice(0, size);
  for (let e = 0; e < from.length; e++) neighbours[next[from[e]]++] = to[e];
  return { offsets, neighbours };
}

/** Shared memory that one direction takes. */
export function adjacencyBytes(rows: number, edges: number): number {
  return paddedBytes(4 * (rows + 1)) + paddedBytes(4 * edges);
}

/** A direction's edges seen from the other side; its rows come out ascending. */
export function transpose(
  adjacency: Adjacency,
  size: number,
  shared = new SharedMemory(adjacencyBytes(size, adjacency.neighbours.length)),
): Adjacency {
  return sortBy(adjacency.neighbours, rowOfEachEdge(adjacency), size, shared);
}

/** Both directions, with ascending rows, from edges in any order. Edges are assumed distinct. */
export function topologyFromEdges(edges: EdgeList, pinCount: number, boardCount: number): Topology {
  const count = edges.pins.length;
  const unordered = sortBy(edges.boards, edges.pins, boardCount, new SharedMemory(adjacencyBytes(boardCount, count)));
  const shared = new SharedMemory(adjacencyBytes(pinCount, count) + adjacencyBytes(boardCount, count));
  const pins = transpose(unordered, pinCount, shared);
  const boards = transpose(pins, boardCount, shared);
  return { pins, boards, memory: shared.memory };
}

/** For each edge in row order, the row it lies in; rows are numbered from `first` on. */
export function rowOfEachEdge({ offsets, neighbours }: Adjacency, first = 0): Uint32Array {
  const rows = new Uint32Array(neighbours.length);
  for (let row = 0; row + 1 < offsets.length; row++) rows.fill(first + row, offsets[row], offsets[row + 1]);
  return rows;
}

/** A graph's nodes with those of its edges that `kept` holds for, given in the order of the boards' rows. */
export function keptTopology({ pins, boards }: Topology, kept: (value: number, edge: number) => boolean): Topology {
  const edges = { boards: rowOfEachEdge(boards).filter(kept), pins: boards.neighbours.filter(kept) };
  return topologyFromEdges(edges, pins.offsets.length - 1, boards.offsets.length - 1);
}
