import { expect, it } from 'vitest';
import { inverseCholesky } from '../../src/linear/inverse-cholesky.js';
import { random } from '../../src/random.js';

/** YᵀY [n, n] of `rank` rows of normal numbers. */
function gramOfRank(rank: number, n: number): Float64Array {
  const source = random(9);
  const rows = Array.from({ length: rank }, () => Array.from({ length: n }, () => source.normal()));
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) gram[i * n + j] = rows.reduce((sum, row) => sum + row[i] * row[j], 0);
  return gram;
}

/** The same, each entry off by up to `noise` of the largest. */
function rounded(gram: Float64Array, n: number, noise: number): Float64Array {
  const source = random(10);
  const largest = Math.max(...gram);
  const off = gram.slice();
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      off[i * n + j] += largest * noise * (2 * source.float() - 1);
      off[j * n + i] = off[i * n + j];
    }
  return off;
}

/** L⁻¹ A L⁻ᵀ [n, n], the Gram matrix of the columns made. */
function madeOf(a: ArrayLike<number>, inverse: Float32Array, n: number): number[] {
  const half = Array.from({ length: n * n }, (_, o) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += inverse[Math.floor(o / n) * n + k] * a[k * n + (o % n)];
    return sum;
  });
  return half.map((_, o) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += half[Math.floor(o / n) * n + k] * inverse[(o % n) * n + k];
    return sum;
  });
}

it('makes independent columns orthonormal, and says that none came out short', () => {
  const n = 8;
  const gram = gramOfRank(40, n);
  const { inverse, shortfall } = inverseCholesky(gram, n);
  expect(shortfall).toBeLessThan(1e-6);
  madeOf(gram, inverse, n).forEach((value, o) => expect(value).toBeCloseTo(o % (n + 1) === 0 ? 1 : 0, 5));
});

it('lets no rounding grow where columns depend on each other, whatever the rounding', () => {
  const n = 128;
  for (const rank of [1, 22, 100])
    for (const noise of [0, 1e-7, 1e-6, 1e-5]) {
      const gram = gramOfRank(rank, n);
      const { inverse, shortfall } = inverseCholesky(rounded(gram, n, noise), n, 1e-6);
      expect(shortfall).toBeGreaterThan(0.01);
      // The columns made span as many directions as the rank, each of length 1 at most.
      const made = madeOf(gram, inverse, n);
      const squares = Array.from({ length: n }, (_, i) => made[i * (n + 1)]).reduce((sum, value) => sum + value, 0);
      expect(squares / rank).toBeGreaterThan(0.9);
      expect(squares / rank).toBeLessThan(1.1);
    }
});

it('stays finite where there are only zeros', () => {
  const { inverse, shortfall } = inverseCholesky(new Float32Array(9), 3);
  expect(inverse.every(Number.isFinite)).toBe(true);
  expect(shortfall).toBe(1);
});
