import { describe, expect, it } from 'vitest';
import { neighboursOf, type Topology } from '../../src/graph/graph.js';
import { type KernelFactory, pixieDefaults, type PixieOptions, type WalkBias } from '../../src/sampling/kernel.js';
import { biasedMatrix } from './biased-process.js';
import { visitChances } from './restart-process.js';
import { pinCountOf, randomTopology } from './small-graphs.js';

const one = Float32Array.of(1);
const walk: PixieOptions = { ...pixieDefaults, stopVisits: 0, boost: false, steps: 32_000, restart: 0.2 };
const query = 1;

/** Mean counts of every pin over many walks, with their standard errors. */
function meanCounts(makeKernel: KernelFactory, topology: Topology, options: Partial<PixieOptions>) {
  const kernel = makeKernel(topology);
  const samples = 60;
  const rows = Array.from({ length: samples }, (_, seed) => {
    const row = new Array<number>(pinCountOf(topology)).fill(0);
    const { pins, counts } = kernel.pixie(Uint32Array.of(query), one, 100, { ...walk, ...options, seed });
    pins.forEach((pin, i) => (row[pin] = counts[i]));
    return row;
  });
  return rows[0].map((_, pin) => {
    const values = rows.map((row) => row[pin]);
    const mean = values.reduce((sum, value) => sum + value, 0) / samples;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples - 1);
    return { mean, error: Math.sqrt(variance / samples) };
  });
}

function largestDifference(
  makeKernel: KernelFactory,
  topology: Topology,
  bias: WalkBias,
  avoid: readonly number[],
  expectedBias = bias,
): number {
  const options = { bias, avoidBoards: Uint32Array.from(avoid) };
  const matrix = biasedMatrix(topology, expectedBias, new Set(avoid), query);
  const stationary = visitChances(topology, query, walk.restart, 200, matrix).at(-1) as number[];
  let largest = 0;
  meanCounts(makeKernel, topology, options).forEach(({ mean, error }, pin) => {
    const expected = pin === query ? 0 : walk.steps * stationary[pin];
    // Lanes begin at the query, which brings a pin at most half a percent from its share.
    largest = Math.max(largest, (Math.abs(mean - expected) - 0.005 * expected) / (error + 1));
  });
  return largest;
}

/** What every walk kernel must do with a bias, with marks and with boards to avoid. */
export function biasedWalkSuite(makeKernel: KernelFactory): void {
  const topology = randomTopology(12, 24, 12, 6);
  const everyThird = (size: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, node) => Number(node % 3 === 0));
  const biases: Record<string, WalkBias> = {
    'a range of boards': { strength: 0.7, ranges: { boards: { from: 2, to: 6 } } },
    'ranges of boards and pins': { strength: 1, ranges: { boards: { from: 0, to: 5 }, pins: { from: 4, to: 15 } } },
    'marked boards': { strength: 0.5, marks: { boards: everyThird(12) } },
    'marked pins within a range of boards': {
      strength: 0.8,
      ranges: { boards: { from: 3, to: 12 } },
      marks: { pins: everyThird(24) },
    },
  };

  // 60 walks of 32,000 steps: a pin's mean count is known to a standard error of about .4%, so a bias whose
  // strength were off by .05 would be found.
  describe.each(Object.entries(biases))('a walk biased to %s', (_, bias) => {
    it('visits as the biased process does', () => {
      expect(largestDifference(makeKernel, topology, bias, [])).toBeLessThan(4.5);
      const weaker = { ...bias, strength: bias.strength - 0.05 };
      expect(largestDifference(makeKernel, topology, bias, [], weaker)).toBeGreaterThan(4.5);
    });

    it('visits as it should when some boards are avoided too', () => {
      const avoided = [...neighboursOf(topology.pins, query)].slice(0, 1);
      expect(largestDifference(makeKernel, topology, bias, avoided)).toBeLessThan(4.5);
    });
  });

  it('a bias of strength 0 and an empty list to avoid change nothing', () => {
    const kernel = makeKernel(topology);
    const options = { ...walk, steps: 2000 };
    const plain = kernel.pixie(Uint32Array.of(query), one, 50, options);
    const idle = { bias: { strength: 0, ranges: { boards: { from: 0, to: 3 } } }, avoidBoards: new Uint32Array(0) };
    expect(kernel.pixie(Uint32Array.of(query), one, 50, { ...options, ...idle })).toEqual(plain);
  });

  it('a walk whose boards are all avoided goes nowhere, and the next walk is free again', () => {
    const kernel = makeKernel(topology);
    const options = { ...walk, steps: 2000 };
    const free = kernel.pixie(Uint32Array.of(query), one, 50, options);
    const avoidBoards = neighboursOf(topology.pins, query).slice();
    const fenced = kernel.pixie(Uint32Array.of(query), one, 50, { ...options, avoidBoards });
    expect([fenced.pins.length, fenced.steps]).toEqual([0, 2000]);
    expect(kernel.pixie(Uint32Array.of(query), one, 50, options)).toEqual(free);
  });

  it('pins to avoid are left out and make room for others', () => {
    const kernel = makeKernel(topology);
    const options = { ...walk, steps: 5000 };
    const { pins } = kernel.pixie(Uint32Array.of(query), one, 50, options);
    const avoidPins = pins.slice(0, 3);
    const kept = kernel.pixie(Uint32Array.of(query), one, 4, { ...options, avoidPins }).pins;
    expect(kept).toEqual(pins.slice(3, 7));
  });
}
