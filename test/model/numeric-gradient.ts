import * as tf from '@tensorflow/tfjs-core';
import { random } from '../../src/random.js';

/** Normal values, seeded by name. */
export function normal(shape: [number, number], seed: number): tf.Tensor2D {
  const source = random(seed);
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => source.normal()),
    shape,
  );
}

/**
 * The largest difference between an operation's own gradient and central differences of
 * Σ weight · operation(operands), relative to the largest entry of the gradient.
 */
export function gradientError(
  operation: (...operands: tf.Tensor[]) => tf.Tensor,
  operands: tf.Tensor[],
  step = 1e-2,
): number {
  const shape = tf.tidy(() => operation(...operands).shape);
  const weight = tf.reshape(normal([1, shape.reduce((size, side) => size * side, 1)], 99), shape);
  const value = (...at: tf.Tensor[]): number =>
    tf.tidy(() => {
      const y = operation(...at).dataSync();
      const w = weight.dataSync() as Float32Array;
      return w.reduce((total, each, i) => total + each * y[i], 0);
    });
  const grads = tf.grads((...at: tf.Tensor[]) => operation(...at));
  const gradients = grads(operands, weight).map((gradient) => gradient.dataSync());
  let worst = 0;
  let largest = 1e-6;
  operands.forEach((operand, which) => {
    const values = operand.dataSync();
    for (let i = 0; i < values.length; i++) {
      const moved = (by: number): number => {
        const copy = values.slice();
        copy[i] += by;
        return value(...operands.map((other, k) => (k === which ? tf.tensor(copy, operand.shape) : other)));
      };
      const numeric = (moved(step) - moved(-step)) / (2 * step);
      worst = Math.max(worst, Math.abs(numeric - gradients[which][i]));
      largest = Math.max(largest, Math.abs(numeric));
    }
  });
  return worst / largest;
}
