import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitIalsFactors, ialsDefaults } from '../../src/candidates/ials-factors.js';
import { type IalsOptions, ridgeOf } from '../../src/candidates/ials-steps.js';
import { ialsSource } from '../../src/candidates/ials.js';
import type { Topology } from '../../src/graph/graph.js';
import { gram, matrix } from '../../src/linear/dense-matrix.js';
import { random } from '../../src/random.js';
import { solved } from '../linear/elimination.js';
import { topologyOf } from '../sampling/small-graphs.js';
import { denseMatrix, product, smallGraph, transposed } from './small-graph.js';

const graph = smallGraph();
const { topology } = graph;

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
