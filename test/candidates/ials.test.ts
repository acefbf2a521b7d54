import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { solvePositive } from '../../src/candidates/cholesky.js';
import { gram, type Matrix, matrix } from '../../src/candidates/dense-matrix.js';
import { ialsSource } from '../../src/candidates/ials.js';
import { fitIalsFactors, ialsDefaults } from '../../src/candidates/ials-factors.js';
import { type IalsOptions, ridgeOf } from '../../src/candidates/ials-steps.js';
import { ridgeRowSolver } from '../../src/candidates/ridge-rows.js';
import type { Topology } from '../../src/graph/graph.js';
import { random } from '../../src/random.js';
import { topologyOf } from '../sampling/small-graphs.js';
import { denseMatrix, product, smallGraph, transposed } from './small-graph.js';

const graph = smallGraph();
const { topology } = graph;

/** Gaussian elimination with pivots. */
function solved(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]]);
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.reduce((best, row, i) => (i >= k && Math.abs(row[k]) > Math.abs(rows[best][k]) ? i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue;
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j < rows[i].length; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  return rows.map((row, i) => row[rows.length] / row[i]);
}

describe('a positive definite system', () => {
  it('is solved as by elimination', () => {
    const n = 9;
    const stream = random(4);
    const tall = matrix(
      20,
      n,
      Float32Array.from({ length: 20 * n }, () => stream.normal()),
    );
    const a = gram(tall);
    const b = Float64Array.from({ length: n }, () => stream.normal());
    const expected = solved(
      Array.from({ length: n }, (_, i) => [...a.subarray(i * n, (i + 1) * n)]),
      [...b],
    );
    solvePositive(a, n, b);
    b.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 9));
  });
});

describe('a ridge row', () => {
  const d = 6;
  const stream = random(7);
  const fixed: Matrix = matrix(
    40,
    d,
    Float32Array.from({ length: 40 * d }, () => stream.normal()),
  );
  const curvature = Float64Array.from({ length: d }, () => 1 + stream.float());

  it.each([1, 3, d, d + 1, 25])('solves the normal equations of %i weighted observations', (count) => {
    const rows = Uint32Array.from({ length: count }, (_, i) => (i * 7) % 40);
    const weights = Float32Array.from({ length: count }, () => 0.5 + stream.float());
    const ridge = 0.3;
    const out = new Float32Array(d);
    ridgeRowSolver(fixed, curvature)({ rows, weights, ridge }, out);
    for (let f = 0; f < d; f++) {
      let gradient = (curvature[f] + ridge) * out[f];
      rows.forEach((row, i) => {
        let predicted = 0;
        for (let g = 0; g < d; g++) predicted += out[g] * fixed.values[row * d + g];
        gradient += weights[i] * (predicted - 1) * fixed.values[row * d + f];
      });
      expect(gradient).toBeCloseTo(0, 4);
    }
  });
});

describe('iALS', () => {
  const options: IalsOptions = { ...ialsDefaults, factors: 5, epochs: 3, unobserved: 0.2, regularisation: 0.05 };

  /** The textbook: every row by its own dense normal equations, boards first. */
  function plainScores(query: number[]): number[] {
    const held = denseMatrix(graph);
    const stream = random(options.seed);
    let pins = topologyRows(topology).map((edges) =>
      Array.from({ length: 5 }, () => (edges > 0 ? (options.deviation / Math.sqrt(5)) * stream.normal() : 0)),
    );
    const side = (observed: number[][], fixed: number[][]): number[][] =>
      observed.map((row) => {
        const edges = row.reduce((sum, value) => sum + value, 0);
        const others = transposed(observed).filter((column) => column.some((value) => value > 0)).length;
        const ridge = ridgeOf(options, edges, others);
        const confident = fixed.map((h, i) => h.map((value) => (row[i] + options.unobserved) * value));
        const a = product(transposed(fixed), confident).map((line, f) =>
          line.map((value, g) => value + (f === g ? ridge : 0)),
        );
        return solved(a, product([row], fixed)[0]);
      });
    for (let epoch = 0; epoch < options.epochs; epoch++) pins = side(transposed(held), side(held, pins));
    const row = held[0].map((_, pin) => (query.includes(pin) ? 1 : 0));
    // One more board, beside the others, so that counts of pins are those of the graph.
    const folded = side([...held, row], pins).at(-1) as number[];
    return pins.map((h) => h.reduce((sum, value, f) => sum + value * folded[f], 0));
  }

  function topologyRows({ pins }: Topology): number[] {
    return Array.from({ length: pins.offsets.length - 1 }, (_, pin) => pins.offsets[pin + 1] - pins.offsets[pin]);
  }

  it('scores as alternating least squares by the book do', async () => {
    const source = ialsSource(topology, await fitIalsFactors(topology, options), options);
    const every = Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin);
    for (const query of [[5], [1, 2, 9], [0, 4, 8, 12, 16, 20, 24]]) {
      const expected = plainScores(query);
      source
        .score(evenQuery(Uint32Array.from(query)), every)
        .forEach((score, pin) => expect(score).toBeCloseTo(expected[pin], 3));
    }
  });

  it('leaves a diagonal Gram matrix and says what is on it', async () => {
    const { dimension, spectrum, values } = await fitIalsFactors(topology, options);
    gram(matrix(graph.pins.size, dimension, values)).forEach((value, o) => {
      const [row, column] = [Math.floor(o / dimension), o % dimension];
      expect(value).toBeCloseTo(row === column ? spectrum[row] : 0, 4);
    });
  });

  it('has the same bits whatever the number of threads', async () => {
    const large = smallGraph(9_000, 3_000).topology;
    const few = { factors: 12, epochs: 4 };
    const here = await fitIalsFactors(large, few, { threads: 1 });
    expect(here.values.some((value) => value !== 0)).toBe(true);
    expect(await fitIalsFactors(large, few, { threads: 3 })).toEqual(here);
  });

  it.each([1, 2, 4, 8])('is finite where boards are alike, in %i blocks', async (blocks) => {
    const alike = topologyOf(
      60,
      Array.from({ length: 40 }, (_, board) =>
        Array.from({ length: 60 }, (_pin, i) => i).filter((pin) => pin % blocks === board % blocks),
      ),
    );
    const { spectrum, values } = await fitIalsFactors(alike);
    expect(spectrum.every(Number.isFinite) && values.every(Number.isFinite)).toBe(true);
    expect(spectrum[blocks - 1]).toBeGreaterThan(0.1);
  });

  it('gives a pin that is listed twice the weight of two', async () => {
    const source = ialsSource(topology, await fitIalsFactors(topology, options), options);
    const pins = Uint32Array.of(3, 30);
    const twice = source.score(evenQuery(Uint32Array.of(7, 9, 9)), pins);
    const heavy = source.score({ pins: Uint32Array.of(7, 9), weights: Float32Array.of(1, 2) }, pins);
    twice.forEach((score, i) => expect(score).toBeCloseTo(heavy[i], 5));
  });
});
