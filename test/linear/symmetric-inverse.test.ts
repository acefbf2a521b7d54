import { describe, expect, it } from 'vitest';
import {
  invertInPlace,
  position,
  type SymmetricBlocks,
  symmetricBlocks,
  symmetricRow,
} from '../../src/linear/symmetric-inverse.js';
import { random } from '../../src/random.js';

describe('the inverse of a symmetric matrix in blocks', () => {
  const entry = (of: SymmetricBlocks, i: number, j: number): number =>
    of.values[i >= j ? position(i, j) : position(j, i)];

  it.each([3, 256, 300, 600])('times the matrix is the identity: %i rows', (size) => {
    const stream = random(size);
    const a = symmetricBlocks(size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) a.values[position(i, j)] = stream.float() - 0.5;
      a.values[position(i, i)] = size;
    }
    const inverse = { size, values: a.values.slice() };
    invertInPlace(inverse, 'test');
    const row = new Float32Array(size);
    for (const i of [0, size >> 1, size - 1]) {
      symmetricRow(inverse, i, row);
      for (let j = 0; j < size; j += 7) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += row[k] * entry(a, k, j);
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 5);
      }
    }
  });
});
