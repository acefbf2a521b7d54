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
  const { columns, values } = fixed;
  const held = holdRows(columns, columns);
  let addColumnProducts: ReturnType<typeof columnProducts> | undefined;
  let tall = new Float32Array(0);
  const scale = new Float32Array(columns);
  const system = new Float64Array(columns * columns);
  const vector = new Float64Array(columns);

  /** Writes X, its rows `stride` apart. */
  const gather = ({ rows, weights }: Observed, into: Float32Array, stride: number): void => {
    for (let i = 0; i < rows.length; i++) {
      const root = weights ? Math.sqrt(weights[i]) : 1;
      for (let f = 0, o = i * stride, from = rows[i] * columns; f < columns; f++, o++, from++)
        into[o] = root * scale[f] * values[from];
    }
  };
  const start = (size: number): Float64Array => {
    const a = system.subarray(0, size * size).fill(0);
    for (let i = 0; i < size; i++) a[i * size + i] = 1;
    return a;
  };
  const finish = (out: Float32Array): void => {
    for (let f = 0; f < columns; f++) out[f] = scale[f] * vector[f];
  };

  const fewRows = (observed: Observed, out: Float32Array): void => {
    const size = observed.rows.length;
    gather(observed, held.values, held.stride);
    const a = start(size);
    held.addProducts(size, a);
    const z = Float64Array.from(observed.rows, (_, i) => Math.sqrt(observed.weights?.[i] ?? 1));
    solvePositive(a, size, z);
    vector.fill(0);
    for (let i = 0; i < size; i++)
      for (let f = 0, o = i * held.stride; f < columns; f++, o++) vector[f] += z[i] * held.values[o];
    finish(out);
  };

  const manyRows = (observed: Observed, out: Float32Array): void => {
    const { rows, weights } = observed;
    if (tall.length < rows.length * columns) tall = new Float32Array(rows.length * columns);
    gather(observed, tall, columns);
    const a = start(columns);
    addColumnProducts ??= columnProducts(columns);
    addColumnProducts(matrix(rows.length, columns, tall), a);
    vector.fill(0);
    for (let i = 0; i < rows.length; i++) {
      const root = weights ? Math.sqrt(weights[i]) : 1;
      for (let f = 0, o = i * columns; f < columns; f++, o++) vector[f] += root * tall[o];
    }
    solvePositive(a, columns, vector);
    finish(out);
  };

  return (observed, out) => {
    for (let f = 0; f < columns; f++) scale[f] = 1 / Math.sqrt(curvature[f] + observed.ridge);
    if (observed.rows.length <= columns) fewRows(observed, out);
    else manyRows(observed, out);
  };
}
