import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { DirectedGraph } from 'graphology';
import pagerankModule from 'graphology-metrics/centrality/pagerank.js';
import { describe, expect, it } from 'vitest';
import type { Adjacency, Topology } from '../../src/graph/graph.js';
import { importancePoolingDefaults, pixieDefaults } from '../../src/sampling/kernel.js';
import { typescriptKernel } from '../../src/sampling/typescript-kernel.js';
import { biasedWalkSuite } from './biased-walk-suite.js';
import { transitionMatrix, visitChances } from './restart-process.js';
import { everyPin, randomTopology, topologyOf } from './small-graphs.js';
import { walkKernelSuite } from './walk-kernel-suite.js';

// A CommonJS module whose types describe it as an ES module.
const pagerank = pagerankModule as unknown as typeof pagerankModule.default;

describe('the TypeScript walk kernel', () => {
  walkKernelSuite(typescriptKernel);
  biasedWalkSuite(typescriptKernel);

  it('names itself', () => {
    expect(typescriptKernel(topologyOf(2, [[0, 1]])).name).toBe('typescript');
  });

  // Pin 1 is on board 1 alone, which holds pins 0 and 1; pin 0 and board 0 have all the other edges, each of
  // them to the other. Pages that nobody touches take no memory.
  const vastTopology = (edges: number): Topology => {
    const side = (lastRow: number): Adjacency => {
      const neighbours = new Uint32Array(new SharedArrayBuffer(4 * edges));
      neighbours[edges - 1] = 1;
      return { offsets: Uint32Array.of(0, edges - lastRow, edges), neighbours };
    };
    return { pins: side(1), boards: side(2) };
  };

  it('walks rows that end at edge 2^31 - 1, and refuses one more', (context) => {
    let most: Topology;
    try {
      most = vastTopology(2 ** 31 - 1);
    } catch {
      // A host that reserves no 16 GiB of addresses cannot hold such a graph either.
      return context.skip();
    }
    const walk = { ...pixieDefaults, steps: 1000, restart: 1 };
    const { pins, counts } = typescriptKernel(most).pixie(Uint32Array.of(1), Float32Array.of(1), 5, walk);
    expect([...pins]).toEqual([0]);
    // Half the steps, give or take six standard deviations.
    expect(Math.abs(counts[0] - 500)).toBeLessThan(95);
    expect(() => typescriptKernel(vastTopology(2 ** 31))).toThrow(/2147483648 edges; walks reach 2147483647/);
  });

  it('makes no garbage while it walks', async () => {
    const topology = randomTopology(21, 3000, 600, 30);
    const kernel = typescriptKernel(topology);
    const options = { ...importancePoolingDefaults, neighbours: 20, steps: 2000 };
    const seeds = everyPin(topology).filter((_, pin) => pin % 2 === 0);
    const into = {
      size: 20,
      neighbours: new Uint32Array(seeds.length * 20),
      weights: new Float32Array(seeds.length * 20),
    };
    let collections = 0;
    const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
    observer.observe({ entryTypes: ['gc'] });
    // One number on the heap a step would be at least 36 MB, which the young generation does not hold.
    // The compiler's own garbage may show in the first rounds.
    let fewest = Infinity;
    for (let round = 0; round < 5; round++) {
      await setTimeout(1);
      collections = 0;
      kernel.importancePool(seeds, { ...options, epoch: round }, into);
      await setTimeout(1);
      fewest = Math.min(fewest, collections);
    }
    observer.disconnect();
    expect(fewest).toBe(0);
  });
});

describe("the tests' own restart process", () => {
  it("agrees with graphology's PageRank, which is the mean over all seeds", () => {
    const topology = topologyOf(6, [
      [0, 1, 2],
      [2, 3],
      [3, 4, 5, 0],
      [1, 5],
    ]);
    const matrix = transitionMatrix(topology);
    const graph = new DirectedGraph();
    for (let pin = 0; pin < 6; pin++) graph.addNode(pin);
    matrix.forEach((row, from) =>
      row.forEach((weight, to) => weight > 0 && graph.addDirectedEdge(from, to, { weight })),
    );
    const ranks = pagerank(graph, { alpha: 0.7, tolerance: 1e-12, maxIterations: 1000, getEdgeWeight: 'weight' });
    // PageRank's surfer stands where our walk is before its step: one more step makes them the same.
    const expected = matrix.map((_, to) => matrix.reduce((sum, row, from) => sum + ranks[from] * row[to], 0));
    const means = matrix.map((_, to) =>
      matrix.reduce((sum, _row, seed) => sum + (visitChances(topology, seed, 0.3, 300).at(-1)?.[to] ?? 0) / 6, 0),
    );
    means.forEach((mean, pin) => expect(mean).toBeCloseTo(expected[pin], 8));
  });
});
