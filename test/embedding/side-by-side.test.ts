import { expect, it } from 'vitest';
import { sideBySide } from '../../src/embedding/side-by-side.js';

const product = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

it('makes vectors whose inner product is the mean of those of the networks', () => {
  const networks = [
    { dimension: 2, vectors: Float32Array.of(1, 0, 0.6, 0.8) },
    { dimension: 3, vectors: Float32Array.of(0, 0, 1, 0, 1, 0) },
  ];
  const { dimension, vectors } = sideBySide(networks, 2);
  expect(dimension).toBe(5);
  const [first, second] = [vectors.subarray(0, 5), vectors.subarray(5)];
  expect(product(first, second)).toBeCloseTo((0.6 + 0) / 2, 6);
  expect(product(first, first)).toBeCloseTo(1, 6);
});

it('leaves the vectors of one network as they are', () => {
  const vectors = Float32Array.of(0.1, 0.2, 0.3, 0.4);
  expect([...sideBySide([{ dimension: 2, vectors }], 2).vectors]).toEqual([...vectors]);
});
