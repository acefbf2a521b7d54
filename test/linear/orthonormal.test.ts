import { describe, expect, it } from 'vitest';
import { gram, rowProducts } from '../../src/linear/dense-matrix.js';
import { orthonormal } from '../../src/linear/orthonormal.js';
import { at, randomMatrix } from './random-matrix.js';

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
