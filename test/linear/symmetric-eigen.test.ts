import { describe, expect, it } from 'vitest';
import { gram, matrix } from '../../src/linear/dense-matrix.js';
import { symmetricEigen } from '../../src/linear/symmetric-eigen.js';
import { randomMatrix } from './random-matrix.js';

describe('eigenvectors of a symmetric matrix', () => {
  it('solve A v = λ v, are orthonormal and come in descending order', () => {
    const n = 12;
    const a = gram(randomMatrix(30, n, 7));
    const { values, vectors } = symmetricEigen(a, n);
    expect([...values]).toEqual([...values].sort((x, y) => y - x));
    for (let v = 0; v < n; v++) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += a[i * n + j] * vectors[v * n + j];
        expect(sum).toBeCloseTo(values[v] * vectors[v * n + i], 6);
      }
      for (let w = 0; w < n; w++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += vectors[v * n + j] * vectors[w * n + j];
        expect(sum).toBeCloseTo(v === w ? 1 : 0, 9);
      }
    }
  });

  it.each([1e-78, 1e-160, 1e-300])('are those of a diagonal beside which entries of %d are nothing', (little) => {
    const a = new Float64Array(16).fill(little);
    for (let i = 0; i < 4; i++) a[5 * i] = 1;
    const { values, vectors } = symmetricEigen(a, 4);
    expect([...values]).toEqual([1, 1, 1, 1]);
    gram(matrix(4, 4, Float32Array.from(vectors))).forEach((value, o) =>
      expect(value).toBeCloseTo(o % 5 === 0 ? 1 : 0, 6),
    );
  });

  it.each([1e-300, 1e-100, 1e200])('do not depend on the size of its entries: %d', (size) => {
    const a = Float64Array.of(4, 1, 2, 1, 3, 0, 2, 0, 1);
    const expected = symmetricEigen(a, 3);
    const { values, vectors } = symmetricEigen(
      a.map((value) => size * value),
      3,
    );
    values.forEach((value, i) => expect(value / size).toBeCloseTo(expected.values[i], 12));
    vectors.forEach((value, i) => expect(value).toBeCloseTo(expected.vectors[i], 12));
  });

  it('are those known of a small matrix', () => {
    const { values } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
  });
});
