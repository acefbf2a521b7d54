import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitSpectral, spectralSource } from '../../src/candidates/spectral.js';
import { denseMatrix, product, smallGraph, transposed } from './small-graph.js';

const graph = smallGraph();
const matrix = denseMatrix(graph);
const sizes = matrix.map((row) => row.reduce((sum, x) => sum + x, 0));
const degrees = transposed(matrix).map((row) => row.reduce((sum, x) => sum + x, 0));
const every = Uint32Array.from({ length: graph.pins.size }, (_, i) => i);
const query = evenQuery(Uint32Array.of(2, 7, 31));

const options = { factors: 12, boardExponent: 0.3, pinExponent: 0.6, popularity: 0.2, rounds: 6 };
const fitted = fitSpectral(graph.topology, options);
const rows = Array.from({ length: graph.pins.size }, (_, pin) => [
  ...fitted.values.subarray(pin * fitted.dimension, (pin + 1) * fitted.dimension),
]);
const power = (degree: number, exponent: number): number => (degree === 0 ? 0 : degree ** exponent);

describe('the softened spectral filter', () => {
  it('factorises the matrix with both degrees scaled by their exponents', () => {
    const scaled = matrix.map((row, b) => row.map((x, p) => x * power(sizes[b], -0.3) * power(degrees[p], -0.6)));
    const image = product(product(transposed(scaled), scaled), rows);
    image.forEach((row, pin) =>
      row.forEach((value, f) => expect(value).toBeCloseTo(fitted.singularValues[f] ** 2 * rows[pin][f], 3)),
    );
  });

  it('scores x · D^-α V Vᵀ D^popularity, and by the leading factors alone as its coarse aspect', () => {
    const source = spectralSource(graph.topology, fitted, options);
    const signal = Array.from(every, (pin) => (query.pins.includes(pin) ? power(degrees[pin], -0.6) : 0));
    const expected = product(product([signal], rows), transposed(rows))[0].map((x, p) => x * power(degrees[p], 0.2));
    source.score(query, every).forEach((score, pin) => expect(score).toBeCloseTo(expected[pin], 5));
    const [coarse] = source.aspects!(query, every);
    const leading = rows.map((row) => row.slice(0, 3));
    const broad = product(product([signal], leading), transposed(leading))[0];
    coarse.forEach((score, pin) => expect(score).toBeCloseTo(broad[pin] * power(degrees[pin], 0.2), 5));
  });

  it('reads the leading ones of more factors', () => {
    const few = fitSpectral(graph.topology, { ...options, factors: 5 });
    const [fittedSo, readSo] = [few, fitted].map((factors) =>
      spectralSource(graph.topology, factors, { ...options, factors: 5 }).score(query, every),
    );
    readSo.forEach((score, pin) => expect(score).toBeCloseTo(fittedSo[pin], 4));
  });
});
