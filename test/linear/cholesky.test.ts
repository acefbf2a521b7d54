import { describe, expect, it } from 'vitest';
import { solvePositive } from '../../src/linear/cholesky.js';
import { gram, matrix } from '../../src/linear/dense-matrix.js';
import { random } from '../../src/random.js';
import { solved } from './elimination.js';

describe('a positive definite system', () => {
  it('is solved as by elimination', () => {
    const n = 9;
    const stream = random(4);
    const tall = matrix(
      20,
      n,
      Float32Array.from({ length: 20 * n }, () => stream.normal()),
    );
    const a = gram(tall);
    const b = Float64Array.from({ length: n }, () => stream.normal());
    const expected = solved(
      Array.from({ length: n }, (_, i) => [...a.subarray(i * n, (i + 1) * n)]),
      [...b],
    );
    solvePositive(a, n, b);
    b.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 9));
  });
});
