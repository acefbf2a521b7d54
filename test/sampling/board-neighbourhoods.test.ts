import { describe, expect, it } from 'vitest';
import { neighboursOf } from '../../src/graph/graph.js';
import { boardNeighbourhoods, nodeNeighbourhoods } from '../../src/sampling/board-neighbourhoods.js';
import { allNeighbourhoods } from '../../src/sampling/importance-neighbourhoods.js';
import { walkPool } from '../../src/sampling/pool.js';
import { pinCountOf, randomTopology, topologyOf } from './small-graphs.js';

const walks = { neighbours: 5, steps: 80, restart: 0.4, seed: 1, epoch: 0 };

function rowOf({ size, neighbours, weights }: ReturnType<typeof boardNeighbourhoods>, pin: number) {
  return Array.from({ length: size }, (_, i) => ({
    board: neighbours[pin * size + i],
    weight: weights[pin * size + i],
  })).filter(({ weight }) => weight > 0);
}

describe('the boards around a pin', () => {
  it('are those that a step of its walks is likeliest to take, in order, with shares of 1', async () => {
    const topology = randomTopology(5, 40, 30, 6);
    const pool = walkPool(topology, { threads: 0 });
    const pins = await allNeighbourhoods(pool, walks);
    const found = boardNeighbourhoods(topology, pins, 4, walks.restart);
    for (let pin = 0; pin < pinCountOf(topology); pin++) {
      const shares = new Map<number, number>();
      const step = (from: number, share: number): void => {
        const boards = neighboursOf(topology.pins, from);
        for (const board of boards) shares.set(board, (shares.get(board) ?? 0) + share / boards.length);
      };
      step(pin, walks.restart);
      for (let i = 0; i < pins.size; i++) {
        const weight = pins.weights[pin * pins.size + i];
        if (weight > 0) step(pins.neighbours[pin * pins.size + i], (1 - walks.restart) * weight);
      }
      const largest = [...shares.values()].sort((a, b) => b - a).slice(0, 4);
      const total = largest.reduce((sum, share) => sum + share, 0);
      const row = rowOf(found, pin);
      expect(row).toHaveLength(largest.length);
      row.forEach(({ board, weight }, i) => {
        expect(weight).toBeCloseTo(largest[i] / total, 5);
        expect(shares.get(board)).toBeCloseTo(largest[i], 9);
      });
    }
  });

  it('are none for a pin without boards, and its own for a pin alone on them', () => {
    const topology = topologyOf(2, [[0], [0]]);
    const none = { size: 1, neighbours: new Uint32Array(2), weights: new Float32Array(2) };
    const found = boardNeighbourhoods(topology, none, 3, 0.5);
    expect(
      rowOf(found, 0)
        .map(({ board }) => board)
        .sort(),
    ).toEqual([0, 1]);
    expect(rowOf(found, 1)).toEqual([]);
  });

  it('are some of many where a pin is on more than are looked at, each once', () => {
    const topology = topologyOf(
      1,
      Array.from({ length: 500 }, () => [0]),
    );
    const none = { size: 1, neighbours: new Uint32Array(1), weights: new Float32Array(1) };
    const boards = rowOf(boardNeighbourhoods(topology, none, 50, 0.5), 0).map(({ board }) => board);
    expect(new Set(boards).size).toBe(50);
    expect(Math.max(...boards) - Math.min(...boards)).toBeGreaterThan(250);
  });

  it('come with the pins where they are asked for', async () => {
    const pool = walkPool(randomTopology(5, 40, 30, 6), { threads: 0 });
    expect((await nodeNeighbourhoods(pool, { ...walks, boardNeighbours: 0 })).boards).toBeUndefined();
    expect((await nodeNeighbourhoods(pool, { ...walks, boardNeighbours: 3 })).boards?.size).toBe(3);
  });
});
