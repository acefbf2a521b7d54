import { expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { vectorSource } from '../../src/candidates/vector-source.js';
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

it('lets each network say as much of a query of several pins, however far its vectors of them point apart', () => {
  const unit = (...angles: number[]): Float32Array =>
    Float32Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));
  // The query's pins, the first two, are one direction to the first network and nearly opposite ones to the second.
  const networks = [unit(0.5, 0.5, 1, 2.5), unit(0, 3, 1.4, 0.2)].map((vectors) => ({ dimension: 2, vectors }));
  const query = evenQuery(Uint32Array.of(0, 1));
  const pins = Uint32Array.of(2, 3);
  const [first, second] = networks.map((network) => vectorSource(network).score(query, pins));
  const together = vectorSource(sideBySide(networks, 4)).score(query, pins);
  together.forEach((score, i) => expect(score).toBeCloseTo((first[i] + second[i]) / 2, 6));
});

it('leaves the vectors of one network as they are', () => {
  const vectors = Float32Array.of(0.1, 0.2, 0.3, 0.4);
  expect(sideBySide([{ dimension: 2, vectors }], 2)).toEqual({ dimension: 2, vectors });
});
