import { expect, it } from 'vitest';
import { nearestPins } from '../../src/candidates/near-pins.js';

const vectorsOf = (...rows: number[][]) => ({ dimension: 2, vectors: Float32Array.from(rows.flat()) });

it('finds pins with boards by the cosine of their vectors, the nearest first, and never a pin itself', () => {
  const vectors = vectorsOf([2, 0], [3, 3], [0, 1], [5, 0.1], [0, 0], [-1, 0]);
  const { offsets, neighbours, weights } = nearestPins(Uint32Array.of(4, 1, 2, 0, 9, 0), vectors, 2);
  const rows = Array.from({ length: 6 }, (_, pin) => [...neighbours.subarray(offsets[pin], offsets[pin + 1])]);
  // 3 and 5 are on no board, 4 has no vector, and 5 is like nothing.
  expect(rows).toEqual([[1], [0, 2], [1], [0, 1], [], []]);
  expect(weights[offsets[1]]).toBeCloseTo(0.5, 6);
  const squares = [0.9998, 0.5198];
  expect(weights[offsets[3]]).toBeCloseTo(squares[0] / (squares[0] + squares[1]), 3);
  expect(weights.subarray(offsets[3], offsets[4]).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
});

it('takes no more than asked for', () => {
  const same = vectorsOf([1, 0], [1, 0], [1, 0], [1, 0]);
  const { offsets, neighbours } = nearestPins(Uint32Array.of(1, 1, 1, 0), same, 2);
  expect([...offsets]).toEqual([0, 2, 4, 6, 8]);
  // Ties go to the pin that comes first, …
  expect([...neighbours]).toEqual([1, 2, 0, 2, 0, 1, 0, 1]);
  // … but before that to the one of most boards.
  expect([...nearestPins(Uint32Array.of(1, 1, 5, 0), same, 1).neighbours]).toEqual([2, 2, 0, 2]);
});

it('passes over likeness that is too faint to be counted', () => {
  const { neighbours, weights } = nearestPins(Uint32Array.of(1, 0, 0), vectorsOf([1, 0], [1e-23, 1], [0, 1]), 5);
  expect([neighbours.length, weights.length]).toEqual([0, 0]);
});

it('lets networks that stand side by side count alike, however long their vectors', () => {
  // The long first network says that 2 is like 0, the short second one, by more, that it is like 1.
  const vectors = { ...vectorsOf([10, 0, 0.1, 0], [0, 10, 0, 0.1], [9, 6, 0.01, 0.1]), dimension: 4, networks: [2, 2] };
  const near = nearestPins(Uint32Array.of(1, 1, 0), vectors, 1);
  expect(near.neighbours[near.offsets[2]]).toBe(1);
});
