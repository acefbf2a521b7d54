import { describe, expect, it } from 'vitest';
import { gram, type Matrix, multiplierBy, rowProducts } from '../../src/linear/dense-matrix.js';
import { at, randomMatrix } from './random-matrix.js';

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
