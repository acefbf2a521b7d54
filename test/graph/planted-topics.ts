import type { Graph } from '../../src/graph/graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { random } from '../../src/random.js';

export interface PlantedGraph {
  graph: Graph;
  /** The topic that each pin, and each board, was made with. */
  pins: Uint32Array;
  boards: Uint32Array;
}

export const plantedWords = ['sourdough', 'sailing', 'orchid', 'origami'];

/** Boards that hold pins of their own topic, but for a share of `stray` pins of any; titles name the topic. */
export function plantedGraph({ pins = 200, boards = 120, size = 12, stray = 0.1, seed = 1 } = {}): PlantedGraph {
  const stream = random(seed);
  const topics = plantedWords.length;
  const edges: [number, number][] = [];
  for (let board = 0; board < boards; board++) {
    const held = new Set<number>();
    while (held.size < size) {
      const pin = stream.below(pins);
      if (pin % topics === board % topics || stream.float() < stray / topics) held.add(pin);
    }
    for (const pin of held) edges.push([board, pin]);
  }
  const titles = Array.from({ length: pins }, (_, pin) => `the ${plantedWords[pin % topics]} number n${pin}`);
  return {
    graph: memoryGraph({
      pins: Array.from({ length: pins }, (_, pin) => `pin ${pin}`),
      boards: Array.from({ length: boards }, (_, board) => `board ${board}`),
      edges: { boards: Uint32Array.from(edges, ([board]) => board), pins: Uint32Array.from(edges, ([, pin]) => pin) },
      pinAttributes: { title: titles },
    }),
    pins: Uint32Array.from({ length: pins }, (_, pin) => pin % topics),
    boards: Uint32Array.from({ length: boards }, (_, board) => board % topics),
  };
}
