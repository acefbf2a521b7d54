import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgeCount, type Graph, neighboursOf } from '../../src/graph/graph.js';
import { memoryGraph, withoutEdges } from '../../src/graph/memory-graph.js';
import { assertNoLeak, heldOutPairs, holdOutEdges } from '../../src/graph/split.js';
import { random } from '../../src/random.js';

function randomGraph(seed: number, pins: number, boards: number, edges: number): Graph {
  const source = random(seed);
  const keys = new Set<number>();
  while (keys.size < edges) keys.add(source.below(boards) * pins + source.below(pins));
  const pairs = [...keys];
  return memoryGraph({
    pins: Array.from({ length: pins }, (_, i) => `pin/${i}`),
    boards: Array.from({ length: boards }, (_, i) => `board/${i}`),
    edges: {
      boards: Uint32Array.from(pairs, (key) => Math.floor(key / pins)),
      pins: Uint32Array.from(pairs, (key) => key % pins),
    },
  });
}

describe('holding out edges', () => {
  const graph = randomGraph(3, 60, 40, 400);

  test('the same seed draws the same mask, another seed another', () => {
    expect(holdOutEdges(graph, { seed: 5 })).toEqual(holdOutEdges(graph, { seed: 5 }));
    expect(holdOutEdges(graph, { seed: 5 })).not.toEqual(holdOutEdges(graph, { seed: 6 }));
  });

  test('what is hidden for a test and for validation have nothing in common under one seed', () => {
    const [pins, boards] = [10, 3_000];
    const every = { length: boards * pins };
    const wide = memoryGraph({
      pins: Array.from({ length: 40 }, (_, i) => `p${i}`),
      boards: Array.from({ length: boards }, (_, i) => `b${i}`),
      edges: {
        boards: Uint32Array.from(every, (_, i) => Math.floor(i / pins)),
        pins: Uint32Array.from(every, (_, i) => (i % pins) + (Math.floor(i / pins) % 30)),
      },
    });
    const options = { edgeFraction: 0.1, seed: 1 };
    const tested = holdOutEdges(wide, options);
    const left = withoutEdges(wide, tested);
    const judged = heldOutPairs(left, holdOutEdges(left, { ...options, use: 'validation' }));
    const asked = heldOutPairs(wide, tested);
    // Of the nine pins left, one or two stand beside the one that the test took.
    const beside = judged.pins.filter((pin, board) => Math.abs(pin - asked.pins[board]) === 1).length;
    expect(beside / boards).toBeGreaterThan(0.17);
    expect(beside / boards).toBeLessThan(0.23);
    const cold = { edgeFraction: 0, coldPinFraction: 0.3, seed: 1 };
    expect(holdOutEdges(wide, cold)).not.toEqual(holdOutEdges(wide, { ...cold, use: 'validation' }));
  });

  test('visible and hidden edges together are the graph, and never overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (seed, edgeFraction, coldPinFraction) => {
          const hidden = holdOutEdges(graph, { edgeFraction, coldPinFraction, seed });
          const visible = withoutEdges(graph, hidden);
          const pairs = heldOutPairs(graph, hidden);
          expect(edgeCount(visible) + pairs.boards.length).toBe(edgeCount(graph));
          assertNoLeak(visible, pairs);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('each eligible board loses its share and keeps a pin; smaller boards lose none', () => {
    const hidden = holdOutEdges(graph, { edgeFraction: 0.3, minimumPins: 9, seed: 1 });
    const { offsets } = graph.topology.boards;
    let untouched = 0;
    for (let board = 0; board < graph.boards.size; board++) {
      const size = neighboursOf(graph.topology.boards, board).length;
      const lost = hidden.subarray(offsets[board], offsets[board + 1]).reduce((sum, flag) => sum + flag, 0);
      expect(lost).toBe(size < 9 ? 0 : Math.round(0.3 * size));
      untouched += Number(size < 9);
    }
    expect(untouched).toBeGreaterThan(0);
    expect(untouched).toBeLessThan(graph.boards.size);
  });

  test('a cold pin loses every edge, and their number is the asked share', () => {
    const hidden = holdOutEdges(graph, { edgeFraction: 0, coldPinFraction: 0.25, seed: 2 });
    const visible = withoutEdges(graph, hidden);
    const cold = new Set(heldOutPairs(graph, hidden).pins);
    for (const pin of cold) expect(neighboursOf(visible.topology.pins, pin)).toHaveLength(0);
    expect(cold.size).toBe(15);
  });

  test('an edge fraction of 1 is refused by name', () => {
    expect(() => holdOutEdges(graph, { edgeFraction: 1 })).toThrow(/edgeFraction is 1/);
  });
});

describe('the leak check', () => {
  test('counts the leaks and names the first pair', () => {
    const graph = randomGraph(4, 10, 5, 20);
    const hidden = holdOutEdges(graph, { edgeFraction: 0.5, minimumPins: 2 });
    const pairs = heldOutPairs(graph, hidden);
    const first = `board "${graph.boards.id(pairs.boards[0])}" with pin "${graph.pins.id(pairs.pins[0])}"`;
    const count = `${pairs.boards.length} of ${pairs.boards.length} test pairs`;
    expect(() => assertNoLeak(graph, pairs)).toThrow(count);
    expect(() => assertNoLeak(graph, pairs)).toThrow(first);
  });
});

describe('a graph without its hidden edges', () => {
  test('keeps the edge columns beside the edges that they describe', () => {
    const graph = randomGraph(7, 30, 20, 150);
    const stamped = { ...graph, edges: { weight: Float32Array.from({ length: 150 }, (_, edge) => edge) } };
    const hidden = holdOutEdges(stamped, { edgeFraction: 0.4, minimumPins: 2 });
    const visible = withoutEdges(stamped, hidden);
    const expected = [...hidden.keys()].filter((edge) => !hidden[edge]);
    expect([...visible.edges.weight!]).toEqual(expected);
    expect([...visible.topology.boards.neighbours]).toEqual(
      expected.map((edge) => graph.topology.boards.neighbours[edge]),
    );
  });
});
