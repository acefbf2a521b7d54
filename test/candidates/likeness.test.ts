import { expect, it } from 'vitest';
import { likenessOf } from '../../src/candidates/likeness.js';
import { nearestPins } from '../../src/candidates/near-pins.js';
import { degreesOf } from '../../src/graph/graph.js';
import { topologyOf } from '../sampling/small-graphs.js';

// Pins 0 to 2 on boards, 3 and 4 on none, 4 without words.
const topology = topologyOf(5, [[0, 1, 2], [0, 2], [0]]);
const vectorsOf = (...rows: number[][]) => ({ dimension: 2, vectors: Float32Array.from(rows.flat()) });
const words = vectorsOf([1, 0], [0, 1], [0.8, 0.6], [0.6, 0.8], [0, 0]);
const learnt = vectorsOf([5, 0], [4, 1], [0, 5], [5, 0], [5, 0]);

function nearestTo(pin: number, likeness: ReturnType<typeof likenessOf>): number {
  const { offsets, neighbours } = nearestPins(degreesOf(topology.pins), likeness, 1);
  return neighbours[offsets[pin]];
}

it('goes by what PinSage has learnt where pins have no words', () => {
  expect(likenessOf(topology, learnt)).toBe(learnt);
});

it('lets words and what PinSage has learnt have half a say each, but words alone of a pin on no board', () => {
  const both = likenessOf(topology, learnt, words);
  expect(both.networks).toEqual([2, 2]);
  // By words 0 is nearest to 2, by what PinSage has learnt to 1, and that is more.
  expect(nearestTo(0, words)).toBe(2);
  expect(nearestTo(0, both)).toBe(1);
  // PinSage would have it that 3 is like 0.
  expect(nearestTo(3, learnt)).toBe(0);
  expect(nearestTo(3, both)).toBe(2);
  expect(nearestTo(4, both)).toBe(0);
  expect([...learnt.vectors.subarray(6, 8)]).toEqual([5, 0]);
});
