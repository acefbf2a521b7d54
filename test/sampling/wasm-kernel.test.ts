import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importancePoolingDefaults, pixieDefaults, type PixieOptions } from '../../src/sampling/kernel.js';
import { chooseKernel, walkKernelFor } from '../../src/sampling/choose-kernel.js';
import { typescriptKernel } from '../../src/sampling/typescript-kernel.js';
import { wasmKernel } from '../../src/sampling/wasm-kernel.js';
import { biasedWalkSuite } from './biased-walk-suite.js';
import { liveRows } from './live-rows.js';
import { everyPin, randomTopology, topologyOf } from './small-graphs.js';
import { walkKernelSuite } from './walk-kernel-suite.js';

describe('the WebAssembly walk kernel', () => {
  walkKernelSuite(wasmKernel);
  biasedWalkSuite(wasmKernel);

  it('names itself', () => {
    expect(wasmKernel(topologyOf(2, [[0, 1]])).name).toBe('wasm');
  });

  it("refuses a graph that does not lie in WebAssembly's memory", () => {
    const { memory: _, ...elsewhere } = topologyOf(2, [[0, 1]]);
    expect(() => wasmKernel(elsewhere)).toThrow(/4 GiB/);
  });

  it('takes its room from the memory once, however often it walks', () => {
    const topology = randomTopology(8, 2000, 500, 20);
    const kernel = wasmKernel(topology);
    const round = (epoch: number): void => {
      kernel.importancePool(everyPin(topology), { ...importancePoolingDefaults, epoch });
      const bias = { strength: 0.5, marks: { pins: new Uint8Array(2000).fill(1) } };
      for (const options of [{}, { boost: false }, { bias }])
        kernel.pixie(Uint32Array.of(1, 2), Float32Array.of(1, 1), 100, { ...pixieDefaults, ...options, seed: epoch });
    };
    round(0);
    const bytes = topology.memory?.buffer.byteLength;
    for (let epoch = 1; epoch < 20; epoch++) round(epoch);
    expect(topology.memory?.buffer.byteLength).toBe(bytes);
  });
});

const factors = fc.record({
  graph: fc.integer({ min: 0, max: 1000 }),
  seed: fc.integer(),
  steps: fc.integer({ min: 1, max: 3000 }),
  restart: fc.constantFrom(0, 0.1, 0.5, 1),
  boost: fc.boolean(),
  stopPins: fc.integer({ min: 1, max: 30 }),
  stopVisits: fc.integer({ min: 0, max: 4 }),
  strength: fc.constantFrom(0, 0.4, 1),
  from: fc.nat(20),
  width: fc.nat(20),
  ranged: fc.boolean(),
  avoid: fc.array(fc.nat(19), { maxLength: 3 }),
  query: fc.array(fc.nat(59), { minLength: 1, maxLength: 6 }),
});

describe('both walk kernels, over a built graph and one that may change', () => {
  it('make the same rows to the bit', () => {
    fc.assert(
      fc.property(factors, fc.integer({ min: 1, max: 40 }), ({ graph, seed, steps, restart }, neighbours) => {
        const topology = randomTopology(graph, 60, 20, 12);
        const live = liveRows(topology);
        const options = { neighbours, steps: Math.min(steps, 300), restart, seed, epoch: 0 };
        const [expected, ...others] = [
          typescriptKernel(topology),
          wasmKernel(topology),
          typescriptKernel(live),
          wasmKernel(live),
        ].map((kernel) => kernel.importancePool(everyPin(topology), options));
        for (const other of others) expect(other).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('make the same Pixie walks to the bit, biased or not', () => {
    fc.assert(
      fc.property(factors, (given) => {
        const { graph, query, from, width, ranged, strength, avoid, ...rest } = given;
        const topology = randomTopology(graph, 60, 20, 12);
        const live = liveRows(topology);
        const range = { from, to: from + width };
        const marks = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => Number(i % 4 < 2));
        const options: PixieOptions = {
          ...rest,
          bias: ranged
            ? { strength, ranges: { boards: range, pins: range } }
            : { strength, marks: { boards: marks(20), pins: marks(60) } },
          avoidBoards: Uint32Array.from(avoid),
        };
        const weights = Float32Array.from(query, (_, i) => 1 + (i % 3));
        const [expected, ...others] = [
          typescriptKernel(topology),
          wasmKernel(topology),
          typescriptKernel(live),
          wasmKernel(live),
        ].map((kernel) => kernel.pixie(Uint32Array.from(query), weights, 25, options));
        for (const other of others) expect(other).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the choice of a walk kernel', () => {
  it("is WebAssembly's where the graph lies in its memory, and says why not elsewhere", () => {
    const topology = topologyOf(2, [[0, 1]]);
    const { memory: _, ...elsewhere } = topology;
    const { memory: __, ...edgeless } = topologyOf(2, []);
    expect(chooseKernel(topology).name).toBe('wasm');
    expect(chooseKernel(elsewhere)).toEqual({ name: 'typescript', reason: expect.stringContaining('4 GiB') });
    expect(chooseKernel(edgeless)).toEqual({
      name: 'typescript',
      reason: 'the graph has no edges to walk',
    });
    expect(chooseKernel(topology, 'typescript').name).toBe('typescript');
    expect(walkKernelFor(topology).name).toBe('wasm');
  });

  it('can be set from outside, and refuses a name that is none', () => {
    const topology = topologyOf(2, [[0, 1]]);
    process.env.BOARDWALK_KERNEL = 'typescript';
    expect(chooseKernel(topology).name).toBe('typescript');
    process.env.BOARDWALK_KERNEL = 'fortran';
    expect(() => chooseKernel(topology)).toThrow(/BOARDWALK_KERNEL must be one of auto, wasm, typescript/);
    delete process.env.BOARDWALK_KERNEL;
  });
});
