import { type Matrix, matrix } from '../../src/linear/dense-matrix.js';
import { random } from '../../src/random.js';

/** Normal numbers. */
export function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const stream = random(seed);
  return matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => stream.normal()),
  );
}

export const at = ({ columns, values }: Matrix, i: number, j: number): number => values[i * columns + j];
