import { dotDouble } from './dense-matrix.js';

/**
 * Solves A x = b for a positive definite A [n, n] by Cholesky: x takes the place of `b`, the factor that of
 * A's lower half, the only one read. n³ / 6 multiply-adds.
 */
export function solvePositive(a: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) a[row + j] = (a[row + j] - dotDouble(a, row, a, j * n, j)) / a[j * n + j];
    a[row + i] = Math.sqrt(a[row + i] - dotDouble(a, row, a, row, i));
    b[i] = (b[i] - dotDouble(a, row, b, 0, i)) / a[row + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    const x = (b[i] /= a[row + i]);
    for (let j = 0; j < i; j++) b[j] -= x * a[row + j];
  }
}
