import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitItemKnn } from '../../src/candidates/itemknn.js';
import { type ItemNeighbours, itemNeighboursSource, mostShown } from '../../src/candidates/item-neighbours.js';
import { fitRp3beta } from '../../src/candidates/rp3beta.js';
import { topologyOf } from '../sampling/small-graphs.js';
import { denseMatrix, product, smallGraph, transposed } from './small-graph.js';

const graph = smallGraph();
const matrix = denseMatrix(graph);
const boardDegrees = matrix.map((row) => row.reduce((sum, x) => sum + x, 0));
const pinDegrees = transposed(matrix).map((row) => row.reduce((sum, x) => sum + x, 0));

function dense({ offsets, neighbours, weights }: ItemNeighbours): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => {
    const values = Array<number>(offsets.length - 1).fill(0);
    for (let e = offsets[row]; e < offsets[row + 1]; e++) values[neighbours[e]] = weights[e];
    return values;
  });
}

/** Each row without its diagonal and without all but its `k` largest entries. */
function largest(rows: number[][], k: number): number[][] {
  return rows.map((row, i) => {
    const kept = row
      .map((value, j) => ({ value, j }))
      .filter(({ value, j }) => j !== i && value > 0)
      .sort((a, b) => b.value - a.value || a.j - b.j)
      .slice(0, k);
    const out = Array<number>(row.length).fill(0);
    for (const { value, j } of kept) out[j] = value;
    return out;
  });
}

/** Rounded as the fitted weights are, so that ties are the same ties. */
const rounded = (rows: number[][]): number[][] => rows.map((row) => row.map(Math.fround));

function expectClose(actual: number[][], expected: number[][]): void {
  actual.forEach((row, i) => row.forEach((value, j) => expect(value, `${i},${j}`).toBeCloseTo(expected[i][j], 5)));
}

describe('RP3beta', () => {
  it('is the two-hop transition matrix over the degree of the target', () => {
    const alpha = 0.7;
    const beta = 0.3;
    const toBoards = transposed(matrix).map((row, i) => row.map((x) => x / Math.max(1, pinDegrees[i]) ** alpha));
    const toPins = matrix.map((row, b) => row.map((x) => x / boardDegrees[b] ** alpha));
    const two = product(toBoards, toPins).map((row) => row.map((x, j) => x / Math.max(1, pinDegrees[j]) ** beta));
    expectClose(dense(fitRp3beta(graph.topology, { alpha, beta, neighbours: 60 })), largest(two, 60));
  });

  it('keeps the largest entries of a row', () => {
    const whole = dense(fitRp3beta(graph.topology, { neighbours: 60 }));
    expectClose(dense(fitRp3beta(graph.topology, { neighbours: 5 })), largest(whole, 5));
  });
});

describe('ItemKNN', () => {
  it('is the cosine of board sets, kept for each candidate', () => {
    const both = product(transposed(matrix), matrix);
    for (const shrink of [0, 3]) {
      const cosine = both.map((row, i) =>
        row.map((x, j) => (x === 0 ? 0 : x / (Math.sqrt(pinDegrees[i] * pinDegrees[j]) + shrink))),
      );
      const fitted = dense(fitItemKnn(graph.topology, { neighbours: 60, shrink }));
      expectClose(fitted, largest(rounded(cosine), 60));
      expectClose(
        dense(fitItemKnn(graph.topology, { neighbours: 4, shrink })),
        transposed(largest(transposed(fitted), 4)),
      );
    }
  });
});

it('shows each pin of a long board an even sample of the others, with the weight of all', () => {
  const length = 2 * mostShown;
  const long = topologyOf(length, [Array.from({ length }, (_, pin) => pin)]);
  const { offsets, weights } = fitItemKnn(long, { neighbours: 40 });
  // The cosine of two pins is 1. Of every two pins one is shown; ties keep the first of them.
  expect(new Set(weights)).toEqual(new Set([2]));
  const shownTo = (pin: number): number => offsets[pin + 1] - offsets[pin];
  for (let pin = 0; pin < 76; pin += 2) {
    expect(shownTo(pin) + shownTo(pin + 1)).toBeGreaterThan(length - 3);
    expect(Math.abs(shownTo(pin) - length / 2)).toBeLessThan(250);
  }
});

describe('a source of item neighbours', () => {
  const fitted = fitRp3beta(graph.topology);
  const source = itemNeighboursSource('rp3beta', fitted);
  const weights = dense(fitted);

  it('adds up what the pins of the query say, by their weights', () => {
    const query = { pins: Uint32Array.of(3, 8), weights: Float32Array.of(1, 0.5) };
    const every = Uint32Array.from({ length: graph.pins.size }, (_, i) => i);
    const scores = source.score(query, every);
    every.forEach((pin) => expect(scores[pin]).toBeCloseTo(weights[3][pin] + 0.5 * weights[8][pin], 5));
  });

  it('retrieves in descending order without the pins of the query', () => {
    const query = evenQuery(Uint32Array.of(3, 8, 12));
    const { pins, scores } = source.retrieve(query, 10);
    expect(pins).toHaveLength(10);
    expect([...pins]).not.toContain(3);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
    expect([...scores]).toEqual([...source.score(query, pins)]);
  });
});
