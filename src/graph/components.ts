import { rowOfEachEdge } from './adjacency.js';
import type { Topology } from './graph.js';

export interface Components {
  /** Nodes of both kinds, joined by edges; a node without an edge is a component of its own. */
  count: number;
  /** Pins and boards of the component with the most nodes. */
  largest: { pins: number; boards: number };
}

/** Connected components by union-find with path halving: close to O(edges). */
export function connectedComponents({ pins, boards }: Topology): Components {
  const pinCount = pins.offsets.length - 1;
  const boardCount = boards.offsets.length - 1;
  const parent = Uint32Array.from({ length: pinCount + boardCount }, (_, node) => node);
  const rootOf = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  const board = rowOfEachEdge(boards);
  for (let edge = 0; edge < board.length; edge++) {
    const a = rootOf(boards.neighbours[edge]);
    const b = rootOf(pinCount + board[edge]);
    // The smaller number leads, so the result does not depend on the order of the edges.
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }
  const pinsIn = new Uint32Array(parent.length);
  const boardsIn = new Uint32Array(parent.length);
  for (let node = 0; node < parent.length; node++) (node < pinCount ? pinsIn : boardsIn)[rootOf(node)]++;
  let count = 0;
  let largest = 0;
  for (let node = 0; node < parent.length; node++) {
    if (parent[node] !== node) continue;
    count++;
    if (pinsIn[node] + boardsIn[node] > pinsIn[largest] + boardsIn[largest]) largest = node;
  }
  return { count, largest: { pins: pinsIn[largest] ?? 0, boards: boardsIn[largest] ?? 0 } };
}
