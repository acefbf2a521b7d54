import { topologyFromEdges } from '../../src/graph/adjacency.js';
import { neighboursOf, type Topology } from '../../src/graph/graph.js';
import { random } from '../../src/random.js';
import type { PositivePairs } from '../../src/sampling/positive-pairs.js';

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

/** Pairs of pins of one board, `perBoard` of each board at most, in an order that does not follow the boards. */
export function pairsOf({ boards }: Topology, perBoard: number): PositivePairs {
  const source = random(0x5061);
  const pairs = Array.from({ length: boards.offsets.length - 1 }, (_, board) => {
    const pins = [...neighboursOf(boards, board)];
    return pins.slice(1, perBoard + 1).map((positive, i) => ({ query: pins[i], positive, place: source.float() }));
  })
    .flat()
    .toSorted((a, b) => a.place - b.place);
  return {
    queries: Uint32Array.from(pairs, ({ query }) => query),
    positives: Uint32Array.from(pairs, ({ positive }) => positive),
  };
}
