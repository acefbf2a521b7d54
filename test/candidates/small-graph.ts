import { type Graph, neighboursOf } from '../../src/graph/graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { random } from '../../src/random.js';

/** A seeded graph of boards that mostly keep to one of four topics, with a word of text for each topic. */
export function smallGraph(pinCount = 60, boardCount = 40, seed = 1): Graph {
  const stream = random(seed);
  const boards: number[] = [];
  const pins: number[] = [];
  for (let board = 0; board < boardCount; board++) {
    const held = new Set<number>();
    const size = 2 + stream.below(9);
    while (held.size < size) {
      const pin = stream.below(pinCount);
      if (pin % 4 === board % 4 || stream.float() < 0.2) held.add(pin);
    }
    for (const pin of held) {
      boards.push(board);
      pins.push(pin);
    }
  }
  const topics = ['birds', 'boats', 'bread', 'books'];
  return memoryGraph({
    pins: Array.from({ length: pinCount }, (_, i) => `pin ${i}`),
    boards: Array.from({ length: boardCount }, (_, i) => `board ${i}`),
    edges: { boards: Uint32Array.from(boards), pins: Uint32Array.from(pins) },
    pinAttributes: { title: Array.from({ length: pinCount }, (_, i) => `${topics[i % 4]} number ${i % 7}`) },
  });
}

/** The board-pin matrix, dense. */
export function denseMatrix(graph: Graph): number[][] {
  return Array.from({ length: graph.boards.size }, (_, board) => {
    const row = Array<number>(graph.pins.size).fill(0);
    for (const pin of neighboursOf(graph.topology.boards, board)) row[pin] = 1;
    return row;
  });
}

export function product(a: number[][], b: number[][]): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

export function transposed(a: number[][]): number[][] {
  return a[0].map((_, j) => a.map((row) => row[j]));
}
