import { describe, expect, it } from 'vitest';
import { gram, type Matrix, matrix, multiplierBy, rowProducts } from '../../src/candidates/dense-matrix.js';
import { orthonormal } from '../../src/candidates/orthonormal.js';
import { symmetricEigen } from '../../src/symmetric-eigen.js';
import { random } from '../../src/random.js';
import { dot } from '../../src/inner-product.js';

function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const stream = random(seed);
  return matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => stream.normal()),
  );
}

const at = ({ columns, values }: Matrix, i: number, j: number): number => values[i * columns + j];

function slowProducts(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: a.rows * b.rows }, (_, o) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += at(a, Math.floor(o / b.rows), k) * at(b, o % b.rows, k);
    return sum;
  });
}

describe('products of rows', () => {
  it('are inner products, whatever is left over by the tiles', () => {
    for (const [rows, others, columns] of [
      [1, 1, 1],
      [1, 7, 9],
      [2, 10, 5],
      [4, 4, 8],
      [5, 7, 9],
      [3, 10, 6],
      [9, 4, 3],
    ]) {
      const a = randomMatrix(rows, columns, rows);
      const b = randomMatrix(others, columns, others + 100);
      const expected = slowProducts(a, b);
      rowProducts(a, b).values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    }
  });

  it.each([1, 2, 70])(
    'have the same bits where several kernels hold what one has no room for, %i rows at once',
    (rows) => {
      const a = randomMatrix(rows, 6, 1);
      const b = randomMatrix(50, 6, 2);
      // Beside the first operand's 64 rows of 8 floats there is room for 16 of the second's.
      expect(multiplierBy(b, 64 + (64 + 16) * 32)(a)).toEqual(multiplierBy(b)(a));
    },
  );

  it('of one row by another are their dot product', () => {
    const { values } = randomMatrix(2, 7, 3);
    let sum = 0;
    for (let i = 0; i < 7; i++) sum += values[i] * values[7 + i];
    expect(dot(values, 0, values, 7, 7)).toBeCloseTo(sum, 5);
  });
});

describe('a Gram matrix', () => {
  it('holds the inner products of columns', () => {
    for (const columns of [1, 4, 7]) {
      const tall = randomMatrix(150, columns, columns);
      const g = gram(tall);
      for (let i = 0; i < columns; i++)
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let r = 0; r < 150; r++) sum += at(tall, r, i) * at(tall, r, j);
          expect(g[i * columns + j]).toBeCloseTo(sum, 4);
        }
    }
  });
});

describe('an orthonormal basis', () => {
  it('comes, at the second go, of columns that nearly depend on each other', () => {
    const [rows, columns] = [400, 60];
    const [left, right] = [orthonormal(randomMatrix(rows, columns, 7)), orthonormal(randomMatrix(columns, columns, 8))];
    // Singular values from 1 down to 1e-5, whose squares single precision cannot tell from nothing.
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        left.values[row * columns + column] *= 10 ** ((-5 * column) / (columns - 1));
    const basis = orthonormal(orthonormal(rowProducts(left, right)));
    gram(basis).forEach((value, o) => {
      if (Math.floor(o / columns) !== o % columns) expect(Math.abs(value)).toBeLessThan(0.01);
      else expect(value).toSatisfy((length: number) => length > 0.9 && length < 1.001);
    });
  });

  it('has unit columns at right angles that span what was given', () => {
    const tall = randomMatrix(200, 6, 5);
    const basis = orthonormal(tall);
    gram(basis).forEach((value, o) => expect(value).toBeCloseTo(Math.floor(o / 6) === o % 6 ? 1 : 0, 4));
    // Y = Q (Qᵀ Y).
    for (let column = 0; column < 6; column++) {
      const parts = Array.from({ length: 6 }, (_, q) => {
        let sum = 0;
        for (let r = 0; r < 200; r++) sum += at(basis, r, q) * at(tall, r, column);
        return sum;
      });
      for (let r = 0; r < 200; r += 17)
        expect(parts.reduce((sum, part, q) => sum + part * at(basis, r, q), 0)).toBeCloseTo(at(tall, r, column), 3);
    }
  });
});

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
