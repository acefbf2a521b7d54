export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** [n, n]; row i is the unit vector of value i. */
  readonly vectors: Float64Array;
}

export interface EigenOptions {
  maxSweeps: number;
  /** Stop when the off-diagonal norm is below this share of the whole. */
  tolerance: number;
}

export const eigenDefaults: EigenOptions = { maxSweeps: 30, tolerance: 1e-9 };

/**
 * Eigenvalues and vectors of a small dense symmetric matrix [n, n] by cyclic Jacobi rotations: O(n³) a
 * sweep, six to ten sweeps. Accurate to the last digits, which a few hundred dimensions can afford.
 */
export function symmetricEigen(input: Float64Array, n: number, options: Partial<EigenOptions> = {}): Eigen {
  const { maxSweeps, tolerance } = { ...eigenDefaults, ...options };
  const a = Float64Array.from(input);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const total = a.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += 2 * a[p * n + q] ** 2;
    if (off <= tolerance ** 2 * total) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = [...Array(n).keys()].sort((i, j) => a[j * n + j] - a[i * n + i]);
  const values = Float64Array.from(order, (i) => a[i * n + i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(v.subarray(from * n, (from + 1) * n), to * n));
  return { values, vectors };
}

/** Makes a[p][q] zero. Rows are updated in place and mirrored, for strided columns are slow. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q];
  if (apq === 0) return;
  const app = a[p * n + p];
  const aqq = a[q * n + q];
  const theta = (aqq - app) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const x = a[p * n + k];
    const y = a[q * n + k];
    a[k * n + p] = a[p * n + k] = c * x - s * y;
    a[k * n + q] = a[q * n + k] = s * x + c * y;
    const vx = v[p * n + k];
    const vy = v[q * n + k];
    v[p * n + k] = c * vx - s * vy;
    v[q * n + k] = s * vx + c * vy;
  }
  a[p * n + p] = app - t * apq;
  a[q * n + q] = aqq + t * apq;
  a[p * n + q] = a[q * n + p] = 0;
}
