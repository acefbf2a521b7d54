import { solvePositive } from './cholesky.js';
import { columnProducts, holdRows, type Matrix, matrix } from './dense-matrix.js';

/** One row's observations: rows hᵢ of the other side's matrix, all with the target 1. */
export interface Observed {
  readonly rows: Uint32Array;
  /** cᵢ, one positive weight a row; 1 each where there are none. */
  readonly weights?: Float32Array;
  /** Added to the whole diagonal. */
  readonly ridge: number;
}

export type RidgeRowSolver = (observed: Observed, out: Float32Array) => void;

/**
 * Prepares the exact minimum over w of Σ cᵢ (1 − w·hᵢ)² + wᵀ(C + ridge)w for many rows, where the rows of
 * `fixed` are turned so that C is diagonal: `curvature`. Then D = C + ridge costs nothing to invert, and a row
 * of n observations in d dimensions needs the smaller of two systems: with X = √c H D^-½, either n × n,
 * w = D^-½ Xᵀ (I + X Xᵀ)⁻¹ √c, or d × d, w = D^-½ (I + Xᵀ X)⁻¹ Xᵀ √c. Most rows are far shorter than d.
 */
export function ridgeRowSolver(fixed: Matrix, curvature: Float64Array): RidgeRowSolver {
  const { columns } = fixed;
  const held = holdRows(columns, columns);
  let addColumnProducts: ReturnType<typeof columnProducts> | undefined;
  let tall = new Float32Array(0);
  const scale = new Float32Array(columns);
  const system = new Float64Array(columns * columns);
  const vector = new Float64Array(columns);
  const z = new Float64Array(columns);

  const start = (size: number): Float64Array => {
    const a = system.subarray(0, size * size).fill(0);
    for (let i = 0; i < size; i++) a[i * size + i] = 1;
    return a;
  };

  const fewRows = ({ rows, weights }: Observed): void => {
    const size = rows.length;
    gather(fixed, rows, weights, scale, held.values, held.stride);
    const a = start(size);
    held.addProducts(size, a);
    for (let i = 0; i < size; i++) z[i] = weights ? Math.sqrt(weights[i]) : 1;
    solvePositive(a, size, z);
    addRows(held.values, held.stride, size, z, vector);
  };

  const manyRows = ({ rows, weights }: Observed): void => {
    const size = rows.length;
    if (tall.length < size * columns) tall = new Float32Array(size * columns);
    gather(fixed, rows, weights, scale, tall, columns);
    const a = start(columns);
    addColumnProducts ??= columnProducts(columns);
    addColumnProducts(matrix(size, columns, tall), a);
    addRows(
      tall,
      columns,
      size,
      Float64Array.from(rows, (_, i) => (weights ? Math.sqrt(weights[i]) : 1)),
      vector,
    );
    solvePositive(a, columns, vector);
  };

  return (observed, out) => {
    for (let f = 0; f < columns; f++) scale[f] = 1 / Math.sqrt(curvature[f] + observed.ridge);
    vector.fill(0);
    if (observed.rows.length <= columns) fewRows(observed);
    else manyRows(observed);
    for (let f = 0; f < columns; f++) out[f] = scale[f] * vector[f];
  };
}

/** Writes X: the listed rows times the roots of their weights and `scale`, `stride` apart. */
function gather(
  { columns, values }: Matrix,
  rows: Uint32Array,
  weights: Float32Array | undefined,
  scale: Float32Array,
  into: Float32Array,
  stride: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const root = weights ? Math.sqrt(weights[i]) : 1;
    const from = rows[i] * columns;
    const to = i * stride;
    for (let f = 0; f < columns; f++) into[to + f] = root * scale[f] * values[from + f];
  }
}

/** Adds Xᵀ z to `out`, two rows at once. */
function addRows(x: Float32Array, stride: number, count: number, z: Float64Array, out: Float64Array): void {
  const columns = out.length;
  let i = 0;
  for (; i + 1 < count; i += 2) {
    const p = i * stride;
    const q = p + stride;
    const a = z[i];
    const b = z[i + 1];
    for (let f = 0; f < columns; f++) out[f] += a * x[p + f] + b * x[q + f];
  }
  if (i < count) for (let f = 0, p = i * stride; f < columns; f++) out[f] += z[i] * x[p + f];
}
