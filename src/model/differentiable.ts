import * as tf from '@tensorflow/tfjs-core';

/** What an operation gives forward, and how its gradient is found. */
export interface Differentiable {
  value: tf.Tensor;
  /** What the gradient reads; everything else made on the way is freed. */
  saved: tf.Tensor[];
  /** One gradient an operand, from the gradient of the value. */
  gradient(dy: tf.Tensor2D, saved: tf.Tensor2D[]): tf.Tensor[];
}

/**
 * Runs an operation that brings its own gradient. tfjs-core registers no gradients of its own, so every
 * operation between a model's variables and its loss must go through here.
 */
export function differentiable<T extends tf.Tensor[]>(
  operands: T,
  operation: (...operands: T) => Differentiable,
): tf.Tensor2D {
  return tf.customGrad((...given) => {
    const save = given.pop() as unknown as (tensors: tf.Tensor[]) => void;
    const { value, saved, gradient } = operation(...(given as tf.Tensor[] as T));
    save(saved);
    return { value, gradFunc: (dy, kept) => gradient(dy as tf.Tensor2D, kept as tf.Tensor2D[]) };
  })(...operands) as tf.Tensor2D;
}
