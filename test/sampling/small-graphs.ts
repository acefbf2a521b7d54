import { topologyFromEdges } from '../../src/graph/adjacency.js';
import type { Topology } from '../../src/graph/graph.js';
import { random } from '../../src/random.js';

/** A graph from boards given as lists of pins. */
export function topologyOf(pinCount: number, boards: readonly (readonly number[])[]): Topology {
  const edges = boards.flatMap((pins, board) => pins.map((pin) => ({ pin, board })));
  return topologyFromEdges(
    { boards: Uint32Array.from(edges, (edge) => edge.board), pins: Uint32Array.from(edges, (edge) => edge.pin) },
    pinCount,
    boards.length,
  );
}

/** A seeded graph with boards of 1 to `largest` distinct pins; low pins are much better linked than high ones. */
export function randomTopology(seed: number, pinCount: number, boardCount: number, largest: number): Topology {
  const source = random(seed);
  const boards = Array.from({ length: boardCount }, () => {
    const size = 1 + source.below(largest);
    return [...new Set(Array.from({ length: size }, () => Math.floor(pinCount * source.float() ** 2)))];
  });
  return topologyOf(pinCount, boards);
}

export function pinCountOf({ pins }: Topology): number {
  return pins.offsets.length - 1;
}

export function everyPin(topology: Topology): Uint32Array {
  return Uint32Array.from({ length: pinCountOf(topology) }, (_, pin) => pin);
}
