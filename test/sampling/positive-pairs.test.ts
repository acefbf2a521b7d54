import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degree, neighboursOf } from '../../src/graph/graph.js';
import { type PositivePairs, positivePairs } from '../../src/sampling/positive-pairs.js';
import { chiSquare, chiSquareBound } from './chi-square.js';
import { randomTopology, topologyOf } from './small-graphs.js';

function list({ queries, positives }: PositivePairs): string[] {
  return Array.from(queries, (query, i) => `${query} ${positives[i]}`);
}

describe('positive pairs', () => {
  it('are two different pins of one board, and as many as the boards and the cap allow', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (seed, perBoard) => {
        const topology = randomTopology(seed, 40, 15, 10);
        const pairs = positivePairs(topology, { perBoard, seed });
        for (let i = 0; i < pairs.queries.length; i++) {
          const shared = neighboursOf(topology.pins, pairs.queries[i]).filter((board) =>
            neighboursOf(topology.pins, pairs.positives[i]).includes(board),
          );
          expect(shared.length).toBeGreaterThan(0);
          expect(pairs.queries[i]).not.toBe(pairs.positives[i]);
        }
        let expected = 0;
        for (let board = 0; board < 15; board++)
          expected += Math.min(perBoard, Math.max(0, degree(topology.boards, board) - 1));
        expect(pairs.queries.length).toBe(expected);
      }),
    );
  });

  it('give every pin of a board within the cap a part', () => {
    const pairs = positivePairs(topologyOf(7, [[0, 1, 2, 3, 4, 5, 6]]), { perBoard: 6 });
    expect(new Set([...pairs.queries, ...pairs.positives]).size).toBe(7);
  });

  // 20,000 epochs over 20 ordered pairs: effect size w = .05 is found in over 99 of 100 cases.
  it('are equally likely, in either direction', () => {
    const topology = topologyOf(5, [[0, 1, 2, 3, 4]]);
    const counts = new Map<string, number>();
    const epochs = 20_000;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const [pair] = list(positivePairs(topology, { perBoard: 1, epoch }));
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe(20);
    const { statistic, df } = chiSquare([...counts.values()], new Array<number>(20).fill(epochs / 20));
    expect(statistic).toBeLessThan(chiSquareBound(df));
  });

  it('come in an order that does not follow the boards', () => {
    // 300 boards of two pins each: pair i of board i.
    const topology = topologyOf(
      600,
      Array.from({ length: 300 }, (_, board) => [2 * board, 2 * board + 1]),
    );
    const boards = Array.from(positivePairs(topology).queries, (query) => query >> 1);
    expect(boards.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, board) => board));
    const inPlace = boards.filter((board, place) => board === place).length;
    const rising = boards.filter((board, place) => place > 0 && board > boards[place - 1]).length;
    expect(inPlace).toBeLessThan(10);
    expect(rising).toBeGreaterThan(110);
    expect(rising).toBeLessThan(190);
  });

  it('are the same for an equal seed and epoch and others in another', () => {
    const topology = randomTopology(8, 100, 40, 10);
    const first = list(positivePairs(topology, { seed: 4, epoch: 2 }));
    expect(list(positivePairs(topology, { seed: 4, epoch: 2 }))).toEqual(first);
    expect(list(positivePairs(topology, { seed: 4, epoch: 3 }))).not.toEqual(first);
    expect(list(positivePairs(topology, { seed: 5, epoch: 2 }))).not.toEqual(first);
  });

  it('follow the weights of the boards, fractions by chance', () => {
    const boards = [
      [0, 1, 2, 3, 4, 5, 6, 7],
      [8, 9, 10, 11, 12, 13, 14, 15],
      [16, 17, 18, 19, 20, 21, 22, 23],
    ];
    const topology = topologyOf(24, boards);
    const counts = [0, 0, 0];
    for (let epoch = 1; epoch <= 400; epoch++) {
      const pairs = positivePairs(topology, { perBoard: 4, boardWeights: Float32Array.of(0, 0.375, 100), epoch });
      for (const query of pairs.queries) counts[query >> 3]++;
    }
    expect(counts[0]).toBe(0);
    // 1.5 pairs an epoch; the standard deviation of the sum is 10.
    expect(Math.abs(counts[1] - 600)).toBeLessThan(45);
    expect(counts[2]).toBe(400 * 7);
  });

  it('lie in shared memory and may be none', () => {
    const pairs = positivePairs(topologyOf(3, [[0], [1], [2]]));
    expect(pairs.queries.length).toBe(0);
    expect(pairs.queries.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
