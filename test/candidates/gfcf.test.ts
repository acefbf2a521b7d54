import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { gfcfSource } from '../../src/candidates/gfcf.js';
import { fitSpectralFactors } from '../../src/candidates/spectral-factors.js';
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

  it('says nothing of a pin without boards', () => {
    const source = gfcfSource(graph.topology, fitted);
    const bare = [...every].filter((pin) => pinRoots[pin] === Number.POSITIVE_INFINITY);
    expect([...source.score(evenQuery(pins), Uint32Array.from(bare))]).toEqual(bare.map(() => 0));
  });
});
