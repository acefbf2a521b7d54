import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectedComponents } from '../../src/graph/components.js';
import type { Graph } from '../../src/graph/graph.js';
import { inspectGraph } from '../../src/graph/inspect.js';
import { inspectionText } from '../../src/graph/inspection-text.js';
import { type GraphParts, memoryGraph } from '../../src/graph/memory-graph.js';

function graphOf(
  pins: number,
  boards: number,
  pairs: readonly (readonly [number, number])[],
  parts: Partial<GraphParts> = {},
): Graph {
  const distinct = [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
  return memoryGraph({
    pins: Array.from({ length: pins }, (_, pin) => `p${pin}`),
    boards: Array.from({ length: boards }, (_, board) => `b${board}`),
    edges: {
      boards: Uint32Array.from(distinct, ([board]) => board),
      pins: Uint32Array.from(distinct, ([, pin]) => pin),
    },
    ...parts,
  });
}

/** Sizes of the components, found by flooding from each node over a list of pairs. */
function floodedSizes(pins: number, boards: number, pairs: readonly (readonly [number, number])[]): number[] {
  const seen = new Set<string>();
  const sizes: number[] = [];
  const nodes = [
    ...Array.from({ length: pins }, (_, pin) => `p${pin}`),
    ...Array.from({ length: boards }, (_, board) => `b${board}`),
  ];
  for (const start of nodes) {
    if (seen.has(start)) continue;
    const queue = [start];
    seen.add(start);
    let size = 0;
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      size++;
      for (const [board, pin] of pairs) {
        const next = node === `p${pin}` ? `b${board}` : node === `b${board}` ? `p${pin}` : node;
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    sizes.push(size);
  }
  return sizes;
}

describe('connected components', () => {
  test('are those that flooding finds', () => {
    const pair = fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 9 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 14 }), (pairs) => {
        const { count, largest } = connectedComponents(graphOf(10, 7, pairs).topology);
        const sizes = floodedSizes(10, 7, pairs);
        expect(count).toBe(sizes.length);
        expect(largest.pins + largest.boards).toBe(Math.max(...sizes));
      }),
    );
  });

  test('of an empty graph are none', () => {
    expect(connectedComponents(graphOf(0, 0, []).topology)).toEqual({ count: 0, largest: { pins: 0, boards: 0 } });
  });
});

describe('inspecting a graph', () => {
  // b0 holds p0 … p3, b1 holds p0, b2 none; p4 is on no board.
  const pairs = [
    [0, 0],
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 0],
  ] as const;
  const graph = graphOf(5, 3, pairs, {
    pinAttributes: { title: ['same', 'same', null, 'other', 'same'] },
    features: [{ name: 'look', dimension: 2, values: Float32Array.of(0, 1, 0, 0, 0, 0, 2, 0, 0, 0) }],
  });
  const found = inspectGraph(
    {
      ...graph,
      edges: {
        weight: Float32Array.of(1, Number.NaN, 1, 1, 1),
        sections: { names: ['top'], codes: Uint16Array.of(0, 1, 1, 0, 0) },
      },
    },
    700,
  );

  test('counts degrees on both sides', () => {
    expect(found.counts).toEqual({ pins: 5, boards: 3, edges: 5 });
    expect(found.degrees.pins).toMatchObject({ mean: 1, percentiles: { p0: 0, p50: 1, p100: 2 } });
    expect(found.degrees.boards.histogram).toEqual([
      { from: 0, nodes: 1 },
      { from: 1, nodes: 1 },
      { from: 4, nodes: 1 },
    ]);
  });

  test('measures coverage of attributes, vectors and edge columns', () => {
    expect(found.coverage.pins).toEqual({ title: 0.8 });
    expect(found.features).toEqual([{ name: 'look', dimension: 2, share: 0.4 }]);
    expect(found.edgeColumns).toEqual({ added_at: 0, weight: 0.8, section: 0.4 });
  });

  test('states the memory that a walk needs, what the shared arrays take, and with it that of training', () => {
    const { pins, boards } = graph.topology;
    const arrays = [pins.offsets, pins.neighbours, boards.offsets, boards.neighbours];
    expect(found.memory.walk).toBe(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
    expect(found.memory.train).toBe(found.memory.walk + 700);
  });

  test('names what looks wrong, with how often', () => {
    const problems = Object.fromEntries(found.problems.map(({ what, count }) => [what, count]));
    expect(problems).toEqual({
      'pins on no board': 1,
      'pins on one board only': 3,
      'boards without a pin': 1,
      'boards of one pin': 1,
      'pins whose title another pin has': 3,
    });
  });

  test('says how many edges are dated the first of January 1970, and how many after tomorrow', () => {
    const addedAt = Float64Array.of(0, 864e5 - 1, 864e5, Number.NaN, Date.now() + 3 * 864e5);
    const { problems } = inspectGraph({ ...graph, edges: { addedAt } }, 0);
    expect(problems).toContainEqual(expect.objectContaining({ what: 'edges dated 1970-01-01', count: 2 }));
    expect(problems).toContainEqual(expect.objectContaining({ what: 'edges dated later than tomorrow', count: 1 }));
  });

  test('says where a graph has no content at all', () => {
    const bare = inspectGraph(graphOf(2, 1, [[0, 0]]), 0);
    expect(bare.problems.map(({ what }) => what)).toContain('pins without any text or vector');
  });

  test('says where a graph is empty, or has no edges', () => {
    expect(inspectionText('folder', inspectGraph(graphOf(0, 0, []), 0))).toContain(
      'what looks wrong\n  0 edges. The graph is empty: there is nothing to walk or to train on.',
    );
    const [first, ...others] = inspectGraph(graphOf(2, 1, []), 0).problems;
    expect(first).toMatchObject({ what: 'edges', count: 0, advice: expect.stringContaining('No pin is on a board') });
    expect(others.map(({ what }) => what)).toContain('pins on no board');
  });

  test('reads as text with every figure in it', () => {
    const text = inspectionText('folder', found);
    for (const part of [
      '5 pins, 3 boards, 5 edges',
      'title 80%',
      'look [2] 40%',
      'weight 80%',
      'section 40%',
      '3 pins whose title',
    ])
      expect(text).toContain(part);
  });
});
