import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';

// In wasm a `matMul` with a transpose flag is 20 to 40 times slower than one after an explicit transpose.

/** x · w: [n, a] · [a, b]. */
export function project(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x, w], (input, matrix) => ({
    value: tf.matMul(input, matrix),
    saved: [input, matrix],
    gradient: (dy, [keptInput, keptMatrix]) => [
      tf.matMul(dy, tf.transpose(keptMatrix)),
      tf.matMul(tf.transpose(keptInput), dy),
    ],
  }));
}

/** x · w of an x that needs no gradient, such as input features: one product less. */
export function projectConstant(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  return differentiable([w], (matrix) => ({
    value: tf.matMul(x, matrix),
    saved: [x],
    gradient: (dy, [input]) => [tf.matMul(tf.transpose(input), dy)],
  }));
}

/** x + b, b added to every row. */
export function shift(x: tf.Tensor2D, b: tf.Tensor1D): tf.Tensor2D {
  return differentiable([x, b], (input, bias) => ({
    value: tf.add(input, bias),
    saved: [],
    gradient: (dy) => [dy.clone(), tf.sum(dy, 0)],
  }));
}

/** a + b of one shape. */
export function sum(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return differentiable([a, b], (left, right) => ({
    value: tf.add(left, right),
    saved: [],
    gradient: (dy) => [dy.clone(), dy.clone()],
  }));
}

/** max(x, 0); its gradient at 0 is 0. */
export function rectify(x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], (input) => {
    const value = tf.relu(input);
    return { value, saved: [value], gradient: (dy, [kept]) => [tf.mul(dy, tf.step(kept))] };
  });
}

/** Keeps a zero row from dividing by zero; far below any real norm. */
const smallestSquare = 1e-12;

/** x / ‖x‖ by row. */
export function normaliseRows(x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], (input) => {
    const norm = tf.sqrt(tf.add(tf.sum(tf.square(input), 1, true), smallestSquare));
    const value = tf.div(input, norm);
    return {
      value,
      saved: [value, norm],
      gradient: (dy, [unit, length]) => {
        const along = tf.sum(tf.mul(dy, unit), 1, true);
        return [tf.div(tf.sub(dy, tf.mul(unit, along)), length)];
      },
    };
  });
}

/** The first `rows` rows. */
export function firstRows(x: tf.Tensor2D, rows: number): tf.Tensor2D {
  const [all, width] = x.shape;
  if (rows === all) return x;
  return differentiable([x], (input) => ({
    value: tf.slice(input, [0, 0], [rows, width]),
    saved: [],
    gradient: (dy) => {
      const below: [number, number] = [0, all - rows];
      return [tf.pad(dy, [below, [0, 0]])];
    },
  }));
}

/** All inner products a · bᵀ: [n, d], [m, d] → [n, m]. */
export function scores(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return differentiable([a, b], (left, right) => ({
    value: tf.matMul(left, tf.transpose(right)),
    saved: [left, right],
    gradient: (dy, [keptLeft, keptRight]) => [tf.matMul(dy, keptRight), tf.matMul(tf.transpose(dy), keptLeft)],
  }));
}

/** Inner products row by row: [n, d], [n, d] → [n, 1]. */
export function rowScores(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return differentiable([a, b], (left, right) => ({
    value: tf.sum(tf.mul(left, right), 1, true),
    saved: [left, right],
    gradient: (dy, [keptLeft, keptRight]) => [tf.mul(dy, keptRight), tf.mul(dy, keptLeft)],
  }));
}
