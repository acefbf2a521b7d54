import { describe, expect, it } from 'vitest';
import { mapFactors, mappedDefaults } from '../../src/candidates/mapped-factors.js';
import { topologyOf } from '../sampling/small-graphs.js';

// Pins 0 to 2 on boards; 3 and 4 on none, 4 without words.
const topology = topologyOf(5, [[0, 1], [0, 1], [0, 2], [0]]);
const [a, b] = [
  [1, 0],
  [0, 1],
];
const ials = {
  dimension: 3,
  spectrum: Float64Array.of(3, 2, 1),
  values: Float32Array.from(
    [
      [2, 0, 9],
      [0, 5, 9],
      [0, 0.1, 9],
      [0, 0, 0],
      [0, 0, 0],
    ].flat(),
  ),
};
const wordsOf = (...rows: number[][]) => ({ dimension: 2, vectors: Float32Array.from(rows.flat()) });
const rowsOf = ({ dimension, vectors }: { dimension: number; vectors: Float32Array }): number[][] =>
  Array.from({ length: vectors.length / dimension }, (_, i) => [
    ...vectors.subarray(i * dimension, (i + 1) * dimension),
  ]);

describe('mapped factors', () => {
  const words = wordsOf([3, 0], [0.6, 0.8], [0, 7], [0, 2], [0, 0]);

  it('of a pin without boards are the directions of its nearest pins, by the square of their cosine', () => {
    const [, , , cold] = rowsOf(mapFactors(topology, ials, words, { factors: 2 }));
    // Pin 0 shares nothing with its words; 1 and 2 both point to the second factor.
    expect(cold).toEqual(b);
    const turned = rowsOf(mapFactors(topology, ials, wordsOf([3, 3], [0, 1], [1, 0], [0, 2], [0, 0]), { factors: 2 }));
    const [x, y] = [0.5, 1];
    expect(turned[3][0]).toBeCloseTo(x / Math.hypot(x, y), 6);
    expect(turned[3][1]).toBeCloseTo(y / Math.hypot(x, y), 6);
  });

  it('of a pin with boards are its own, and the less so the fewer they are', () => {
    // Words say that 0 is like 1 alone: factors of 0 turn from its own by one part in its four boards.
    const rows = rowsOf(mapFactors(topology, ials, wordsOf([1, 0], [1, 0], [0, 1], [0, 0], [0, 0]), { factors: 2 }));
    expect(rows[0][1] / rows[0][0]).toBeCloseTo(1 / 4, 6);
    expect(rows[1][0] / rows[1][1]).toBeCloseTo(1 / 2, 6);
    // Nothing has the words of 2, not even itself.
    expect(rows[2]).toEqual(b);
    const own = rowsOf(mapFactors(topology, ials, words, { factors: 2, weightInBoards: 0 }));
    expect(own.slice(0, 3)).toEqual([a, b, b]);
  });

  it('take no more neighbours than asked for, and never a pin itself', () => {
    const alike = wordsOf([1, 0], [1, 0], [1, 0.01], [1, 0.02], [0, 0]);
    const [first] = rowsOf(mapFactors(topology, ials, alike, { factors: 2, neighbours: 1 }));
    expect(first[1] / first[0]).toBeCloseTo(1 / 4, 6);
    const cold = rowsOf(mapFactors(topology, ials, alike, { factors: 2, neighbours: 1 }))[3];
    expect(cold).toEqual(b);
  });

  it('are nothing where a pin has neither boards nor words, and of unit length else', () => {
    const { dimension, vectors } = mapFactors(topology, ials, words);
    expect(dimension).toBe(Math.min(mappedDefaults.factors, 3));
    const lengths = rowsOf({ dimension, vectors }).map((row) => Math.hypot(...row));
    lengths.slice(0, 4).forEach((length) => expect(length).toBeCloseTo(1, 6));
    expect(lengths[4]).toBe(0);
  });
});
