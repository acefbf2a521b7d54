import { describe, expect, it } from 'vitest';
import { fullRanking, type Method } from '../../src/evaluation/method.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';

// Pin 3 is on two boards, the others on one or none.
const { topology } = memoryGraph({
  pins: ['a', 'b', 'c', 'd', 'e'],
  boards: ['x', 'y'],
  edges: { boards: Uint32Array.of(0, 0, 1), pins: Uint32Array.of(3, 1, 3) },
});

const stub = (name: string, pins: number[]): Method => ({
  name,
  rank(_, limit, among) {
    const found = pins.filter((pin) => among?.includes(pin) ?? true).slice(0, limit);
    return { pins: Uint32Array.from(found), scores: Float32Array.from(found, (__, i) => 9 - i) };
  },
});

describe('a full ranking', () => {
  it('fills up with the rest of the catalogue by dense index, without the pins of the query', () => {
    const [{ pins, scores }] = fullRanking(stub('test', [4]), topology)([Uint32Array.of(1)], 10);
    expect([...pins]).toEqual([4, 0, 2, 3]);
    expect([...scores]).toEqual([9, 0, 0, 0]);
  });

  it('stops at the depth', () => {
    const [{ pins }] = fullRanking(stub('test', [4, 2, 0]), topology)([Uint32Array.of(1)], 2);
    expect([...pins]).toEqual([4, 2]);
  });

  it('gives popular pins to a query without pins', () => {
    const [{ pins }] = fullRanking(stub('test', [4]), topology)([new Uint32Array(0)], 3);
    expect([...pins]).toEqual([3, 1, 0]);
  });

  it('ranks the pins of a catalogue alone and fills up with the rest of it', () => {
    const rank = fullRanking(stub('test', [1, 4, 3, 2]), topology, Uint32Array.of(0, 2, 4));
    const [{ pins, scores }] = rank([Uint32Array.of(3, 0)], 2);
    expect([...pins]).toEqual([4, 2]);
    expect([...scores]).toEqual([9, 8]);
    expect([...rank([Uint32Array.of(3)], 9)[0].pins]).toEqual([4, 2, 0]);
    expect([...rank([new Uint32Array(0)], 2)[0].pins]).toEqual([0, 2]);
  });

  it('lets random answer a query without pins itself', () => {
    const [{ pins }] = fullRanking(stub('random', [4]), topology)([new Uint32Array(0)], 1);
    expect([...pins]).toEqual([4]);
  });
});
