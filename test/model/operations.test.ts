import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { pickRows, selection, sparseFromRows } from '../../src/linear/sparse-matrix.js';
import { openBackend } from '../../src/model/backends.js';
import { crossEntropyLoss, excluded, maxMarginLoss, softmaxLoss } from '../../src/model/loss.js';
import { neighbourMaximum } from '../../src/model/neighbour-maximum.js';
import * as operations from '../../src/model/operations.js';
import { sparseProduct } from '../../src/model/sparse-product.js';
import { random } from '../../src/random.js';
import { backendsFound } from './backends-found.js';
import { gradientError, normal } from './numeric-gradient.js';

type Matrix = tf.Tensor2D;
/** float32 against central differences: below this is rounding, a wrong term is orders above it. */
const tolerance = 5e-3;

function randomSparse(rows: number, perRow: number, columns: number) {
  const source = random(5, rows);
  const indices = Int32Array.from({ length: rows * perRow }, () => source.below(columns));
  const weights = Float32Array.from(indices, (_, e) => (e % 4 === 3 ? 0 : source.float()));
  return sparseFromRows(indices, weights, perRow, columns);
}

// Finite differences need values at once, which WebGPU does not give.
const names = (await backendsFound()).found.map(({ name }) => name).filter((name) => name !== 'webgpu');

describe.each(names)('operations on %s', (name) => {
  beforeAll(async () => {
    await openBackend(name);
  });

  const cases: [string, (...operands: tf.Tensor[]) => tf.Tensor, () => tf.Tensor[]][] = [
    [
      'affine',
      (x, w) => operations.affine([{ x: x as Matrix, w: w as Matrix }]),
      () => [normal([5, 3], 1), normal([3, 4], 2)],
    ],
    [
      'affine over a fixed term and another, rectified',
      (x, w, v, b) =>
        operations.affine(
          [
            { x: normal([9, 3], 3), w: w as Matrix, fixed: true },
            { x: x as Matrix, w: v as Matrix },
          ],
          { bias: b as tf.Tensor1D, rectified: true },
        ),
      () => [normal([9, 5], 1), normal([3, 11], 2), normal([5, 11], 4), tf.reshape(normal([1, 11], 5), [11])],
    ],
    [
      'affine with a bias alone',
      (x, w, b) => operations.affine([{ x: x as Matrix, w: w as Matrix }], { bias: b as tf.Tensor1D }),
      () => [normal([5, 3], 1), normal([3, 4], 2), tf.reshape(normal([1, 4], 3), [4])],
    ],
    ['sum', (a, b) => operations.sum(a as Matrix, b as Matrix), () => [normal([5, 3], 1), normal([5, 3], 2)]],
    ['normaliseRows', (x) => operations.normaliseRows(x as Matrix), () => [normal([5, 4], 1)]],
    ['firstRows', (x) => operations.firstRows(x as Matrix, 3), () => [normal([5, 4], 1)]],
    ['reshaped', (x) => operations.reshaped(x as Matrix, 8), () => [normal([6, 4], 1)]],
    [
      'gatedSum',
      (x, gates) => operations.gatedSum(x as Matrix, gates as Matrix),
      () => [normal([5, 12], 1), normal([3, 4], 2)],
    ],
    ['scores', (a, b) => operations.scores(a as Matrix, b as Matrix), () => [normal([5, 3], 1), normal([4, 3], 2)]],
    [
      'rowScores',
      (a, b) => operations.rowScores(a as Matrix, b as Matrix),
      () => [normal([5, 3], 1), normal([5, 3], 2)],
    ],
    ['sparseProduct', (x) => sparseProduct(randomSparse(7, 3, 5), x as Matrix), () => [normal([5, 4], 1)]],
    ['neighbourMaximum', (x) => neighbourMaximum(randomSparse(7, 3, 5), x as Matrix), () => [normal([5, 4], 1)]],
    [
      'maxMarginLoss',
      (p, n, m) => maxMarginLoss({ positive: p as Matrix, negatives: [n as Matrix, m as Matrix] }, 0.5),
      () => [normal([6, 1], 1), normal([6, 5], 2), normal([6, 2], 3)],
    ],
    [
      'softmaxLoss',
      (p, n, m) => softmaxLoss({ positive: p as Matrix, negatives: [n as Matrix, m as Matrix] }, 0.7),
      () => [normal([6, 1], 1), normal([6, 5], 2), normal([6, 2], 3)],
    ],
    [
      'crossEntropyLoss',
      (p, n, m) => crossEntropyLoss({ positive: p as Matrix, negatives: [n as Matrix, m as Matrix] }, 0.7),
      () => [normal([6, 1], 1), normal([6, 5], 2), normal([6, 2], 3)],
    ],
  ];

  it.each(cases)('%s has the gradient that finite differences have', (_, operation, operands) => {
    expect(gradientError(operation, operands())).toBeLessThan(tolerance);
  });

  it('gives the cross-entropy of labelled scores, an excluded negative at no cost', () => {
    const [positive, first, second] = [0.4, -0.3, 0.9];
    const contrast = {
      positive: tf.tensor2d([positive], [1, 1]),
      negatives: [tf.tensor2d([first, excluded], [1, 2]), tf.tensor2d([second], [1, 1])],
    };
    const share = (score: number): number => 1 / (1 + Math.exp(-score / 0.5));
    const expected = -Math.log(share(positive)) - Math.log(1 - share(first)) / 2 - Math.log(1 - share(second));
    expect(crossEntropyLoss(contrast, 0.5).dataSync()[0]).toBeCloseTo(expected, 5);
  });

  it('multiplies a sparse matrix as a dense one does', () => {
    const matrix = randomSparse(7, 3, 5);
    const dense = new Float32Array(35);
    for (let e = 0; e < 21; e++) dense[Math.floor(e / 3) * 5 + matrix.columns[e]] += matrix.values[e];
    const x = normal([5, 4], 1);
    const expected = tf.matMul(tf.tensor2d(dense, [7, 5]), x).dataSync();
    sparseProduct(matrix, x)
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  it('takes the largest value of each column among the neighbours, 0 where there are none', () => {
    const matrix = {
      shape: [4, 3] as const,
      offsets: Int32Array.of(0, 2, 2, 4, 5),
      columns: Int32Array.of(0, 1, 2, 1, 0),
      // An entry of 0 is padding, and names no neighbour.
      values: Float32Array.of(0.9, 0.1, 0.5, 0, 1),
    };
    const x = tf.tensor2d([1, -2, -3, 4, 5, -6], [3, 2]);
    expect([...neighbourMaximum(matrix, x).dataSync()]).toEqual([1, 4, 0, 0, 5, -6, 1, -2]);
    const gradient = tf.grad((each: tf.Tensor) => neighbourMaximum(matrix, each as Matrix))(x);
    expect([...gradient.dataSync()]).toEqual([2, 1, 0, 1, 1, 1]);
  });

  it('gives the gradient of equal values to the first listed', () => {
    const matrix = sparseFromRows(Int32Array.of(2, 0, 1), Float32Array.of(1, 1, 1), 3, 3);
    const gradient = tf.grad((each: tf.Tensor) => neighbourMaximum(matrix, each as Matrix))(tf.ones([3, 2]));
    expect([...gradient.dataSync()]).toEqual([0, 0, 0, 0, 1, 1]);
  });

  it('picks rows by a selection', () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    expect([...sparseProduct(selection(Int32Array.of(2, 0, 2), 3), x).dataSync()]).toEqual([5, 6, 1, 2, 5, 6]);
  });
});

it('picks rows of a sparse matrix in the order asked for, empty rows too', () => {
  const matrix = {
    shape: [3, 4] as const,
    offsets: Int32Array.of(0, 2, 2, 3),
    columns: Int32Array.of(0, 3, 1),
    values: Float32Array.of(1, 2, 3),
  };
  const picked = pickRows(matrix, Uint32Array.of(2, 1, 0));
  expect([...picked.offsets]).toEqual([0, 1, 1, 3]);
  expect([...picked.columns]).toEqual([1, 0, 3]);
  expect([...picked.values]).toEqual([3, 1, 2]);
});
