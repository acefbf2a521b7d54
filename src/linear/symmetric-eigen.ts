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
  const scale = powerNearOne(input);
  const { diagonal, beside, rows } = tridiagonal(
    input.map((value) => scale * value),
    n,
  );
  implicitQl(diagonal, beside, rows, n);
  const order = [...Array(n).keys()].sort((i, j) => diagonal[j] - diagonal[i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(rows.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => diagonal[i] / scale), vectors };
}

/** The power of 2 that brings the largest entry near 1: it rounds nothing, and squares neither overflow nor vanish. */
function powerNearOne(a: Float64Array): number {
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest > 0 ? 2 ** Math.min(1023, -Math.floor(Math.log2(largest))) : 1;
}

/** A column shorter than this, of a matrix whose entries are near 1, is nothing: β², of its length to minus 4, is finite. */
const tiny = 1e-70;

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
    // Before k + 1 all these rows are 0.
    const start = (k + 1) & ~3;
    for (let i = k + 1; i < n; i++) {
      const along = dotDouble(rows, i * n + start, v, start, n - start);
      addMultiple(rows, i * n, -beta * along, v, k + 1, n);
    }
  }
  return { diagonal, beside, rows };
}

/** A ← H A H with H = I − β v vᵀ, in the lower half from row `start` on. */
function reflect(a: Float64Array, n: number, start: number, v: Float64Array, beta: number, product: Float64Array) {
  product.fill(0);
  for (let i = start; i < n; i++) {
    product[i] += dotAndAdd(a, i * n + start, v, product, start, i) + a[i * n + i] * v[i];
  }
  const half = (beta * beta * dotDouble(v, start, product, start, n - start)) / 2;
  for (let i = start; i < n; i++) product[i] = beta * product[i] - half * v[i];
  for (let i = start; i < n; i++) {
    const vi = v[i];
    const pi = product[i];
    for (let j = start, o = i * n + start; j <= i; j++, o++) a[o] -= vi * product[j] + pi * v[j];
  }
}

/** Gives Σ a_j · v_j, and adds v[end] · a_j to `product`, for j from `start` to before `end`; `a` begins at `at`. */
function dotAndAdd(
  a: Float64Array,
  at: number,
  v: Float64Array,
  product: Float64Array,
  start: number,
  end: number,
): number {
  const factor = v[end];
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let j = start;
  let o = at;
  for (; j + 3 < end; j += 4, o += 4) {
    const a0 = a[o];
    const a1 = a[o + 1];
    const a2 = a[o + 2];
    const a3 = a[o + 3];
    s0 += a0 * v[j];
    s1 += a1 * v[j + 1];
    s2 += a2 * v[j + 2];
    s3 += a3 * v[j + 3];
    product[j] += factor * a0;
    product[j + 1] += factor * a1;
    product[j + 2] += factor * a2;
    product[j + 3] += factor * a3;
  }
  for (; j < end; j++, o++) {
    s0 += a[o] * v[j];
    product[j] += factor * a[o];
  }
  return s0 + s1 + s2 + s3;
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
  const rotations = new Rotations(rows, n);
  for (let l = 0; l < n; l++)
    for (let round = 0; round < mostRounds; round++) {
      let m = l;
      while (m + 1 < n && Math.abs(e[m]) > negligible) m++;
      if (m === l) break;
      qlStep(d, e, rotations, l, m);
    }
  rotations.carryOut();
}

/** One shifted sweep over the block from `l` to `m`, from its end to its beginning. */
function qlStep(d: Float64Array, e: Float64Array, rotations: Rotations, l: number, m: number): void {
  const tilt = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.hypot(tilt, 1);
  // Wilkinson's shift: the eigenvalue of the leading 2 x 2 block that is nearer to its corner.
  let g = d[m] - d[l] + e[l] / (tilt + (tilt < 0 ? -root : root));
  let s = 1;
  let c = 1;
  let p = 0;
  rotations.beginSweep(m - 1);
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
    rotations.add(c, s);
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

/** Rotations kept before they are carried out: a megabyte of them. */
const mostRotations = 2 ** 16;
/** Columns turned together. */
const strip = 4;

/**
 * Rotations of neighbouring rows, put off until there are many: then they pass over a few columns at a time, which stay
 * in the first cache, where one by one they would each read two whole rows.
 */
class Rotations {
  readonly #rows: Float64Array;
  readonly #n: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #columns: Float64Array;
  /** Of each sweep its first row and the number of its first rotation. */
  #sweeps: { row: number; first: number }[] = [];
  #count = 0;

  constructor(rows: Float64Array, n: number) {
    this.#rows = rows;
    this.#n = n;
    this.#cosines = new Float64Array(mostRotations + n);
    this.#sines = new Float64Array(mostRotations + n);
    this.#columns = new Float64Array(strip * n);
  }

  /** The next rotations turn `row` and the one after it, then the row before and `row`, and so on. */
  beginSweep(row: number): void {
    if (this.#count >= mostRotations) this.carryOut();
    this.#sweeps.push({ row, first: this.#count });
  }

  add(cosine: number, sine: number): void {
    this.#cosines[this.#count] = cosine;
    this.#sines[this.#count++] = sine;
  }

  carryOut(): void {
    const n = this.#n;
    const rows = this.#rows;
    const columns = this.#columns;
    for (let from = 0; from < n; from += strip) {
      const width = Math.min(strip, n - from);
      for (let row = 0; row < n; row++)
        for (let c = 0; c < width; c++) columns[strip * row + c] = rows[row * n + from + c];
      this.#sweeps.forEach(({ row, first }, i) => {
        const end = i + 1 < this.#sweeps.length ? this.#sweeps[i + 1].first : this.#count;
        sweep(columns, row, this.#cosines, this.#sines, first, end);
      });
      for (let row = 0; row < n; row++)
        for (let c = 0; c < width; c++) rows[row * n + from + c] = columns[strip * row + c];
    }
    this.#sweeps = [];
    this.#count = 0;
  }
}

/** One sweep over a strip; the lower row of each rotation is the upper one of the rotation before. */
function sweep(
  columns: Float64Array,
  row: number,
  cosines: Float64Array,
  sines: Float64Array,
  first: number,
  end: number,
): void {
  let at = strip * (row + 1);
  let y0 = columns[at];
  let y1 = columns[at + 1];
  let y2 = columns[at + 2];
  let y3 = columns[at + 3];
  for (let r = first; r < end; r++, at -= strip) {
    const c = cosines[r];
    const s = sines[r];
    const x0 = columns[at - 4];
    const x1 = columns[at - 3];
    const x2 = columns[at - 2];
    const x3 = columns[at - 1];
    columns[at] = s * x0 + c * y0;
    columns[at + 1] = s * x1 + c * y1;
    columns[at + 2] = s * x2 + c * y2;
    columns[at + 3] = s * x3 + c * y3;
    y0 = c * x0 - s * y0;
    y1 = c * x1 - s * y1;
    y2 = c * x2 - s * y2;
    y3 = c * x3 - s * y3;
  }
  columns[at] = y0;
  columns[at + 1] = y1;
  columns[at + 2] = y2;
  columns[at + 3] = y3;
}

/**
 * The inner product of `length` values of x from p on and of y from q on; four sums go side by side. A function of its own
 * for doubles, for code that sees both types of array is slow.
 */
function dotDouble(x: Float64Array, p: number, y: Float64Array, q: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += x[p + i] * y[q + i];
    s1 += x[p + i + 1] * y[q + i + 1];
    s2 += x[p + i + 2] * y[q + i + 2];
    s3 += x[p + i + 3] * y[q + i + 3];
  }
  for (; i < length; i++) s0 += x[p + i] * y[q + i];
  return s0 + s1 + s2 + s3;
}
