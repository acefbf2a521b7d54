import { type EdgeList, topologyFromEdges, transpose } from './adjacency.js';
import type { StoredEdgeColumns } from './edges-file.js';
import type { Adjacency, Topology } from './graph.js';

export interface FoldedEdges {
  topology: Topology;
  /** In the order of `boards.neighbours`. */
  columns: StoredEdgeColumns;
  /** Edges that repeated another. */
  duplicates: number;
}

/** Positions of `keys` in ascending order of their values, equal ones in the order of `within`, or as they come. */
export function countingOrder(keys: Uint32Array, size: number, within?: Uint32Array): Uint32Array {
  const next = new Uint32Array(size + 1);
  for (let e = 0; e < keys.length; e++) next[keys[e] + 1]++;
  for (let i = 0; i < size; i++) next[i + 1] += next[i];
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const e = within ? within[i] : i;
    order[next[keys[e]]++] = e;
  }
  return order;
}

/** Drops repeats from rows that ascend; in place, for a row only ever shrinks. */
function dropRepeats({ offsets, neighbours }: Adjacency): Adjacency {
  let kept = 0;
  let from = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    const to = offsets[row + 1];
    for (let e = from; e < to; e++)
      if (e === from || neighbours[e] !== neighbours[e - 1]) neighbours[kept++] = neighbours[e];
    from = to;
    offsets[row + 1] = kept;
  }
  return { offsets, neighbours: neighbours.subarray(0, kept) };
}

export const earliest = (a: number, b: number): number => (b < a || Number.isNaN(a) ? b : a);
export const largest = (a: number, b: number): number => (b > a || Number.isNaN(a) ? b : a);
/** Code 0 stands for none. */
const firstName = (a: number, b: number): number => (a === 0 || (b !== 0 && b < a) ? b : a);

/** Rows of one direction, and what else is known of their edges. */
export interface FoldedRows {
  rows: Adjacency;
  columns: StoredEdgeColumns;
}

/** Rows of edges that `order` sorts by board, then by pin; edges that are equal become one. */
export function foldInOrder(
  order: Uint32Array,
  edges: EdgeList,
  { addedAt, weight, sections }: StoredEdgeColumns,
  boardCount: number,
): FoldedRows {
  const offsets = new Uint32Array(new SharedArrayBuffer(4 * (boardCount + 1)));
  const neighbours = new Uint32Array(new SharedArrayBuffer(4 * order.length));
  const times = addedAt && new Float64Array(order.length);
  const weights = weight && new Float32Array(order.length);
  const codes = sections && new Uint32Array(order.length);
  let kept = -1;
  let board = -1;
  for (const edge of order) {
    const repeats = edges.boards[edge] === board && edges.pins[edge] === neighbours[kept];
    if (!repeats) {
      neighbours[++kept] = edges.pins[edge];
      board = edges.boards[edge];
      offsets[board + 1]++;
    }
    if (times) times[kept] = repeats ? earliest(times[kept], addedAt[edge]) : addedAt[edge];
    if (weights) weights[kept] = repeats ? largest(weights[kept], weight[edge]) : weight[edge];
    if (codes) codes[kept] = repeats ? firstName(codes[kept], sections.codes[edge]) : sections.codes[edge];
  }
  const count = kept + 1;
  for (let row = 0; row < boardCount; row++) offsets[row + 1] += offsets[row];
  return {
    rows: { offsets, neighbours: neighbours.subarray(0, count) },
    columns: {
      addedAt: times?.subarray(0, count),
      weight: weights?.subarray(0, count),
      sections: codes && { names: sections.names, codes: codes.subarray(0, count) },
    },
  };
}

/**
 * Sorts edges into both directions and folds repeats into one: the earliest time, the largest weight and
 * the alphabetically first section stay, so the order of the input does not matter. Two counting sorts,
 * O(edges), and no comparison.
 */
export function foldEdges(
  edges: EdgeList,
  columns: StoredEdgeColumns,
  pinCount: number,
  boardCount: number,
): FoldedEdges {
  const { addedAt, weight, sections } = columns;
  if (!addedAt && !weight && !sections) {
    const sorted = topologyFromEdges(edges, pinCount, boardCount);
    const total = sorted.boards.neighbours.length;
    const boards = dropRepeats(sorted.boards);
    const duplicates = total - boards.neighbours.length;
    const pins = duplicates > 0 ? transpose(boards, pinCount) : sorted.pins;
    return { topology: { pins, boards }, columns: {}, duplicates };
  }
  const order = countingOrder(edges.boards, boardCount, countingOrder(edges.pins, pinCount));
  const { rows: boards, columns: kept } = foldInOrder(order, edges, columns, boardCount);
  return {
    topology: { pins: transpose(boards, pinCount), boards },
    columns: kept,
    duplicates: order.length - boards.neighbours.length,
  };
}
