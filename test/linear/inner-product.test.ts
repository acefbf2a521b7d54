import { expect, it } from 'vitest';
import { dot } from '../../src/linear/inner-product.js';
import { randomMatrix } from './random-matrix.js';

it('is the dot product of one row by another', () => {
  const { values } = randomMatrix(2, 7, 3);
  let sum = 0;
  for (let i = 0; i < 7; i++) sum += values[i] * values[7 + i];
  expect(dot(values, 0, values, 7, 7)).toBeCloseTo(sum, 5);
});
