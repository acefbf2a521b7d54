import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitGfcf, gfcfSource } from '../../src/candidates/gfcf.js';
import { fitSpectralFactors, type SpectralFactors } from '../../src/candidates/spectral-factors.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { denseMatrix, product, smallGraph, transposed } from './small-graph.js';

const graph = smallGraph();
const matrix = denseMatrix(graph);
const root = (row: number[]): number => Math.sqrt(row.reduce((sum, x) => sum + x, 0)) || Number.POSITIVE_INFINITY;
const boardRoots = matrix.map(root);
const pinRoots = transposed(matrix).map(root);
const normalised = matrix.map((row, b) => row.map((x, p) => x / (boardRoots[b] * pinRoots[p])));
const gramMatrix = product(transposed(normalised), normalised);
const every = Uint32Array.from({ length: graph.pins.size }, (_, i) => i);
const fitted = fitSpectralFactors(graph.topology, { factors: 10, oversampling: 20, rounds: 6 });

/** Row i: pin i's part in each factor. */
const vectors = Array.from({ length: graph.pins.size }, (_, pin) => [
  ...fitted.values.subarray(pin * fitted.dimension, (pin + 1) * fitted.dimension),
]);

describe('the spectral factors', () => {
  it('are orthonormal right singular vectors with their values, the largest of them 1', () => {
    const image = product(gramMatrix, vectors);
    image.forEach((row, pin) =>
      row.forEach((value, f) => expect(value).toBeCloseTo(fitted.singularValues[f] ** 2 * vectors[pin][f], 3)),
    );
    product(transposed(vectors), vectors).forEach((row, i) =>
      row.forEach((value, j) => expect(value).toBeCloseTo(i === j ? 1 : 0, 3)),
    );
    expect(fitted.singularValues[0]).toBeCloseTo(1, 4);
    expect([...fitted.singularValues]).toEqual([...fitted.singularValues].sort((a, b) => b - a));
  });

  it('hold the most that so many factors can of the normalised matrix', () => {
    const total = gramMatrix.reduce((sum, row, i) => sum + row[i], 0);
    const whole = fitSpectralFactors(graph.topology, { factors: 60, oversampling: 0, rounds: 6 });
    const energy = whole.singularValues.reduce((sum, s) => sum + s * s, 0);
    expect(energy).toBeCloseTo(total, 2);
    fitted.singularValues.forEach((s, f) => expect(s).toBeCloseTo(whole.singularValues[f], 3));
  });

  it('are the same for the same seed', () => {
    const again = fitSpectralFactors(graph.topology, { factors: 10, oversampling: 20, rounds: 6 });
    expect(again.values).toEqual(fitted.values);
  });
});

describe('GF-CF', () => {
  const pins = Uint32Array.of(2, 7, 31);
  const signal = [...every].map((pin) => (pins.includes(pin) ? 1 : 0));

  function expected(weight: number, sharpen: number): number[] {
    const linear = product([signal], gramMatrix)[0];
    const low = product(product([signal.map((x, p) => x / pinRoots[p])], vectors), transposed(vectors))[0];
    const scores = linear.map(
      (x, p) => x + (pinRoots[p] === Number.POSITIVE_INFINITY ? 0 : weight * low[p] * pinRoots[p]),
    );
    const smooth = product([scores], gramMatrix)[0];
    return scores.map((x, p) => x - sharpen * smooth[p]);
  }

  it('adds a linear and an ideal low-pass filter, and sharpens on demand', () => {
    for (const [weight, sharpen] of [
      [0, 0],
      [0.3, 0],
      [0.3, 0.7],
    ]) {
      const scores = gfcfSource(graph.topology, fitted, { weight, sharpen }).score(evenQuery(pins), every);
      expected(weight, sharpen).forEach((value, pin) => expect(scores[pin]).toBeCloseTo(value, 4));
    }
  });

  it('has factors for a quarter of the smaller side at most, so that the ideal filter proposes other pins', () => {
    const { topology } = smallGraph(200, 160);
    expect(fitGfcf(topology).dimension).toBe(160 / 4);
    expect(fitGfcf(topology, { factors: 3 }).dimension).toBe(3);
    const proposed = (of: SpectralFactors): number => {
      const source = gfcfSource(topology, of, { weight: 0.8, sharpen: 1.3 });
      const lists = Array.from({ length: 160 }, (_, board) =>
        source.retrieve(evenQuery(neighboursOf(topology.boards, board)), 20),
      );
      return lists.reduce((sum, { pins: listed }) => sum + listed.length, 0) / (160 * 20);
    };
    expect(proposed(fitGfcf(topology))).toBeGreaterThan(0.9);
    expect(proposed(fitSpectralFactors(topology))).toBeLessThan(0.1);
  });

  it('reads as many of the fitted factors as it is told', () => {
    const few = { ...fitted, dimension: 4, values: Float32Array.from(vectors.flatMap((row) => row.slice(0, 4))) };
    const scores = gfcfSource(graph.topology, fitted, { factors: 4 }).score(evenQuery(pins), every);
    expect(scores).toEqual(gfcfSource(graph.topology, few).score(evenQuery(pins), every));
  });

  it('says nothing of a pin without boards', () => {
    const source = gfcfSource(graph.topology, fitted);
    const bare = [...every].filter((pin) => pinRoots[pin] === Number.POSITIVE_INFINITY);
    expect([...source.score(evenQuery(pins), Uint32Array.from(bare))]).toEqual(bare.map(() => 0));
  });
});
