import type { Adjacency, Topology } from './graph.js';

/** Edges as two parallel columns of dense indices. */
export interface EdgeList {
  readonly boards: Uint32Array;
  readonly pins: Uint32Array;
}

function sharedUint32(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

/** Counting sort of edges by `from`, stable: O(edges), two passes, no comparison. */
function sortBy(from: Uint32Array, to: Uint32Array, size: number): Adjacency {
  const offsets = sharedUint32(size + 1);
  for (let e = 0; e < from.length; e++) offsets[from[e] + 1]++;
  for (let i = 0; i < size; i++) offsets[i + 1] += offsets[i];
  const neighbours = sharedUint32(from.length);
  const next = offsets.slice(0, size);
  for (let e = 0; e < from.length; e++) neighbours[next[from[e]]++] = to[e];
  return { offsets, neighbours };
}

/** The same edges seen from the other side; its rows come out ascending. */
export function transpose(adjacency: Adjacency, size: number): Adjacency {
  return sortBy(adjacency.neighbours, rowOfEachEdge(adjacency), size);
}

/** Both directions, with ascending rows, from edges in any order. Edges are assumed distinct. */
export function topologyFromEdges(edges: EdgeList, pinCount: number, boardCount: number): Topology {
  const unordered = sortBy(edges.boards, edges.pins, boardCount);
  const pins = transpose(unordered, pinCount);
  return { pins, boards: transpose(pins, boardCount) };
}

/** For each edge in row order, the row it lies in. */
export function rowOfEachEdge({ offsets, neighbours }: Adjacency): Uint32Array {
  const rows = new Uint32Array(neighbours.length);
  for (let row = 0; row + 1 < offsets.length; row++) rows.fill(row, offsets[row], offsets[row + 1]);
  return rows;
}
