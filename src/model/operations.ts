import * as tf from '@tensorflow/tfjs-core';
import type { Term } from './arithmetic/arithmetic.js';
import { arithmetic } from './arithmetic/choose.js';
import { differentiable } from './differentiable.js';

/** A product of a sum; `fixed` where x needs no gradient, such as input features: one product less. */
export interface AffineTerm extends Term {
  readonly fixed?: boolean;
}

export interface AffineOptions {
  readonly bias?: tf.Tensor1D;
  /** max(·, 0) of the sum; its gradient at 0 is 0. */
  readonly rectified?: boolean;
}

/** Σ x · w over the terms, [n, a] · [a, b], + bias in every row. */
export function affine(terms: readonly AffineTerm[], { bias, rectified = false }: AffineOptions = {}): tf.Tensor2D {
  const free = terms.filter(({ fixed }) => !fixed);
  const operands = [...terms.map(({ w }) => w), ...free.map(({ x }) => x), ...(bias ? [bias] : [])];
  return differentiable<tf.Tensor[]>(operands, () => {
    const value = arithmetic().affine(terms, bias, rectified);
    return {
      value,
      saved: [...terms.map(({ x }) => x), ...(rectified ? [value] : [])],
      gradient: (dy, saved) => {
        const { product, slopes: slopesOf } = arithmetic();
        const kept = rectified ? saved[terms.length] : undefined;
        const { slopes, columnSums } = bias || rectified ? slopesOf(dy, kept) : { slopes: dy, columnSums: undefined };
        return [
          ...terms.map((_, index) => product(saved[index], slopes, { a: true })),
          ...free.map(({ w }) => product(slopes, w, { b: true })),
          ...(bias && columnSums ? [columnSums] : []),
        ];
      },
    };
  });
}

/** a + b of one shape. */
export function sum(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return differentiable([a, b], (left, right) => ({
    value: tf.add(left, right),
    saved: [],
    gradient: (dy) => [dy.clone(), dy.clone()],
  }));
}

/** x / ‖x‖ by row. */
export function normaliseRows(x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], (input) => {
    const { unit, norms } = arithmetic().unitRows(input);
    return {
      value: unit,
      saved: [unit, norms],
      gradient: (dy, [kept, lengths]) => [arithmetic().unitRowsSlopes(dy, kept, lengths)],
    };
  });
}

/** The first `rows` rows. */
export function firstRows(x: tf.Tensor2D, rows: number): tf.Tensor2D {
  const [all] = x.shape;
  if (rows === all) return x;
  return differentiable([x], (input) => ({
    value: arithmetic().firstRows(input, rows),
    saved: [],
    gradient: (dy) => [arithmetic().paddedRows(dy, all)],
  }));
}

/** The values of x in rows of another width. */
export function reshaped(x: tf.Tensor2D, width: number): tf.Tensor2D {
  if (x.shape[1] === width) return x;
  return differentiable([x], (input) => ({
    value: tf.reshape(input, [-1, width]),
    saved: [],
    gradient: (dy) => [tf.reshape(dy, input.shape)],
  }));
}

/** Σ_g gate_g · x_g by columns: [n, G · d], [G, d] → [n, d]. */
export function gatedSum(x: tf.Tensor2D, gates: tf.Tensor2D): tf.Tensor2D {
  const [graphs, width] = gates.shape;
  const apart = (rows: tf.Tensor): tf.Tensor3D => tf.reshape(rows, [-1, graphs, width]);
  return differentiable([x, gates], (rows, factors) => ({
    value: tf.sum(tf.mul(apart(rows), factors), 1),
    saved: [rows, factors],
    gradient: (dy, [kept, keptGates]) => {
      const slopes = tf.reshape(dy, [-1, 1, width]);
      return [
        tf.reshape(tf.mul(slopes, tf.reshape(keptGates, [1, graphs, width])), kept.shape),
        tf.sum(tf.mul(apart(kept), slopes), 0),
      ];
    },
  }));
}

/** All inner products a · bᵀ: [n, d], [m, d] → [n, m]. */
export function scores(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return differentiable([a, b], (left, right) => ({
    value: arithmetic().product(left, right, { b: true }),
    saved: [left, right],
    gradient: (dy, [keptLeft, keptRight]) => [
      arithmetic().product(dy, keptRight),
      arithmetic().product(dy, keptLeft, { a: true }),
    ],
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
