import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitEase } from '../../src/candidates/ease.js';
import { itemNeighboursSource } from '../../src/candidates/item-neighbours.js';
import { denseMatrix, product, smallGraph, transposed } from './small-graph.js';

describe('EASE', () => {
  const graph = smallGraph();
  const { topology } = graph;
  const every = Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin);
  const regularisation = 3;

  /** Its definition: the least squares of each pin on all others. */
  function plainMatrix(held: number[][]): number[][] {
    const g = product(transposed(held), held);
    const n = g.length;
    return transposed(
      g.map((_, target) => {
        const others = g.map((__, i) => i).filter((i) => i !== target);
        const rows = others.map((i) => [...others.map((j) => g[i][j] + (i === j ? regularisation : 0)), g[i][target]]);
        for (let k = 0; k < rows.length; k++)
          for (let i = 0; i < rows.length; i++) {
            if (i === k) continue;
            const factor = rows[i][k] / rows[k][k];
            for (let c = k; c <= rows.length; c++) rows[i][c] -= factor * rows[k][c];
          }
        const column = Array<number>(n).fill(0);
        others.forEach((i, row) => (column[i] = rows[row][rows.length] / rows[row][row]));
        return column;
      }),
    );
  }

  const weightsOf = (options: object): number[][] => {
    const source = itemNeighboursSource('ease', fitEase(topology, { regularisation, neighbours: 99, ...options }));
    return Array.from(every, (pin) => [...source.score(evenQuery(Uint32Array.of(pin)), every)]);
  };

  it('predicts each pin from the others by regularised least squares', () => {
    const expected = plainMatrix(denseMatrix(graph));
    weightsOf({}).forEach((row, i) => row.forEach((weight, j) => expect(weight).toBeCloseTo(expected[i][j], 4)));
  });

  it('is the same by way of the boards, where they are fewer', () => {
    const byPins = weightsOf({ rows: 60 });
    weightsOf({ rows: 45 }).forEach((row, i) =>
      row.forEach((weight, j) => expect(weight).toBeCloseTo(byPins[i][j], 4)),
    );
  });

  it('covers the most popular pins where neither side fits', () => {
    const lines: string[] = [];
    const progress = { stage: () => ({ update() {}, finish() {} }), note: (line: string) => void lines.push(line) };
    const { offsets, neighbours } = fitEase(topology, { regularisation, rows: 10, neighbours: 99 }, progress);
    expect(lines.join()).toContain('the 10 most popular of 60 pins');
    const degrees = Array.from(every, (pin) => topology.pins.offsets[pin + 1] - topology.pins.offsets[pin]);
    const tenth = [...degrees].sort((a, b) => b - a)[9];
    for (const pin of every) {
      const length = offsets[pin + 1] - offsets[pin];
      if (length > 0) expect(degrees[pin]).toBeGreaterThanOrEqual(tenth);
      expect([0, 9]).toContain(length);
    }
    expect(new Set(neighbours).size).toBe(10);
  });

  it('keeps the entries furthest from zero', () => {
    const whole = weightsOf({});
    weightsOf({ neighbours: 5 }).forEach((row, i) => {
      const sizes = whole[i].map(Math.abs).sort((a, b) => b - a);
      expect(row.filter((weight) => weight !== 0).length).toBeLessThanOrEqual(5);
      row.forEach((weight, j) => {
        if (Math.abs(whole[i][j]) > sizes[5]) expect(weight).toBeCloseTo(whole[i][j], 6);
      });
    });
  });
});
