/**
 * Solves A x = b for a positive definite A [n, n] by Cholesky: x takes the place of `b`, the factor that of
 * A's lower half, the only one read. n³ / 6 multiply-adds.
 */
export function solvePositive(a: Float64Array, n: number, b: Float64Array): void {
  // Two rows at once, against two above them: each number read serves twice.
  let i = 0;
  for (; i + 1 < n; i += 2) factorPair(a, n, i);
  if (i < n) factorRow(a, n, i);
  for (let row = 0; row < n; row++) {
    let sum = b[row];
    const from = row * n;
    for (let k = 0; k < row; k++) sum -= a[from + k] * b[k];
    b[row] = sum / a[from + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    const from = row * n;
    const x = (b[row] /= a[from + row]);
    for (let k = 0; k < row; k++) b[k] -= x * a[from + k];
  }
}

/** Rows i and i + 1 of the factor, i even. */
function factorPair(a: Float64Array, n: number, i: number): void {
  const first = i * n;
  const second = first + n;
  for (let j = 0; j < i; j += 2) {
    const p = j * n;
    const q = p + n;
    let s00 = a[first + j];
    let s01 = a[first + j + 1];
    let s10 = a[second + j];
    let s11 = a[second + j + 1];
    for (let k = 0; k < j; k++) {
      const x = a[first + k];
      const y = a[second + k];
      const u = a[p + k];
      const v = a[q + k];
      s00 -= x * u;
      s01 -= x * v;
      s10 -= y * u;
      s11 -= y * v;
    }
    a[first + j] = s00 / a[p + j];
    a[second + j] = s10 / a[p + j];
    a[first + j + 1] = (s01 - a[first + j] * a[q + j]) / a[q + j + 1];
    a[second + j + 1] = (s11 - a[second + j] * a[q + j]) / a[q + j + 1];
  }
  let top = a[first + i];
  let below = a[second + i];
  let corner = a[second + i + 1];
  for (let k = 0; k < i; k++) {
    const x = a[first + k];
    const y = a[second + k];
    top -= x * x;
    below -= x * y;
    corner -= y * y;
  }
  a[first + i] = Math.sqrt(top);
  a[second + i] = below / a[first + i];
  a[second + i + 1] = Math.sqrt(corner - a[second + i] ** 2);
}

/** Row i of the factor, given those above. */
function factorRow(a: Float64Array, n: number, i: number): void {
  const row = i * n;
  for (let j = 0; j <= i; j++) {
    let sum = a[row + j];
    for (let k = 0; k < j; k++) sum -= a[row + k] * a[j * n + k];
    a[row + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
  }
}
