import { dotDouble } from './dense-matrix.js';

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** [n, n]; row i is the unit vector of value i. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and vectors of a dense symmetric matrix [n, n]: Householder's reduction to three diagonals,
 * then the implicit QL method (Golub and Van Loan, sections 8.3.1 and 8.3.3). About 4 n³ multiply-adds, all
 * along rows; accurate to the last digits of the largest value.
 */
export function symmetricEigen(input: Float64Array, n: number): Eigen {
  const { diagonal, beside, rows } = tridiagonal(Float64Array.from(input), n);
  implicitQl(diagonal, beside, rows, n);
  const order = [...Array(n).keys()].sort((i, j) => diagonal[j] - diagonal[i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(rows.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => diagonal[i]), vectors };
}

/** A column shorter than this is left as it is: its square would not be a normal number. */
const tiny = 1e-150;

/** T = Qᵀ A Q with T's diagonal, the entries beside it, and the rows of Qᵀ. Overwrites A, of which it reads the lower half. */
function tridiagonal(a: Float64Array, n: number) {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const reflectors: { v: Float64Array; beta: number }[] = [];
  const product = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    const v = new Float64Array(n);
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k];
    const length = Math.sqrt(dotDouble(v, k + 1, v, k + 1, n - k - 1));
    const first = v[k + 1];
    beside[k] = first > 0 ? -length : length;
    v[k + 1] -= beside[k];
    // |v|² / 2 = length · (length + |first|).
    const beta = length < tiny ? 0 : 1 / (length * (length + Math.abs(first)));
    reflectors.push({ v, beta });
    diagonal[k] = a[k * n + k];
    reflect(a, n, k + 1, v, beta, product);
  }
  for (let k = Math.max(0, n - 2); k < n; k++) diagonal[k] = a[k * n + k];
  if (n > 1) beside[n - 2] = a[(n - 1) * n + n - 2];

  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  for (let k = reflectors.length - 1; k >= 0; k--) {
    const { v, beta } = reflectors[k];
    for (let i = k + 1; i < n; i++) addMultiple(rows, i * n, -beta * dotDouble(rows, i * n, v, 0, n), v, k + 1, n);
  }
  return { diagonal, beside, rows };
}

/** A ← H A H with H = I − β v vᵀ, in the lower half from row `start` on. */
function reflect(a: Float64Array, n: number, start: number, v: Float64Array, beta: number, product: Float64Array) {
  product.fill(0);
  for (let i = start; i < n; i++) {
    product[i] += dotDouble(a, i * n + start, v, start, i - start + 1);
    addMultiple(product, 0, v[i], a.subarray(i * n, (i + 1) * n), start, i);
  }
  const half = (beta * beta * dotDouble(v, start, product, start, n - start)) / 2;
  for (let i = start; i < n; i++) product[i] = beta * product[i] - half * v[i];
  for (let i = start; i < n; i++) {
    const vi = v[i];
    const pi = product[i];
    for (let j = start, o = i * n + start; j <= i; j++, o++) a[o] -= vi * product[j] + pi * v[j];
  }
}

/** x[at + j] += factor · y[j] for j from `start` to before `end`. */
function addMultiple(x: Float64Array, at: number, factor: number, y: Float64Array, start: number, end: number): void {
  for (let j = start; j < end; j++) x[at + j] += factor * y[j];
}

/** Rounds that a value may take; it settles in two or three unless the matrix holds NaN. */
const mostRounds = 60;

/** Turns the diagonal into eigenvalues and carries every rotation out on the rows. */
function implicitQl(d: Float64Array, e: Float64Array, rows: Float64Array, n: number): void {
  const largest = d.reduce((most, value, i) => Math.max(most, Math.abs(value) + Math.abs(e[i])), 0);
  const negligible = Number.EPSILON * largest;
  for (let l = 0; l < n; l++)
    for (let round = 0; round < mostRounds; round++) {
      let m = l;
      while (m + 1 < n && Math.abs(e[m]) > negligible) m++;
      if (m === l) break;
      qlStep(d, e, rows, n, l, m);
    }
}

/** One shifted sweep over the block from `l` to `m`, from its end to its beginning. */
function qlStep(d: Float64Array, e: Float64Array, rows: Float64Array, n: number, l: number, m: number): void {
  const tilt = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.hypot(tilt, 1);
  // Wilkinson's shift: the eigenvalue of the leading 2 x 2 block that is nearer to its corner.
  let g = d[m] - d[l] + e[l] / (tilt + (tilt < 0 ? -root : root));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotateRows(rows, i * n, n, c, s);
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

/** Turns the row at `from` and the one after it. */
function rotateRows(rows: Float64Array, from: number, n: number, c: number, s: number): void {
  for (let k = from, o = from + n; k < from + n; k++, o++) {
    const x = rows[k];
    const y = rows[o];
    rows[k] = c * x - s * y;
    rows[o] = s * x + c * y;
  }
}
