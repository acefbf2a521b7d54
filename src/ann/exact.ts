import type { NearestNeighbours, NearestRows } from './nearest-neighbours.js';
import { TopK } from './top-rows.js';

/** Row-major vectors, `[size, dimension]`. */
export interface VectorTable {
  readonly vectors: Float32Array;
  readonly dimension: number;
}

/** The inner product of row `row` with a query. Four accumulators, so that no addition waits for the one before. */
export function innerProduct(vectors: Float32Array, row: number, dimension: number, query: Float32Array): number {
  const start = row * dimension;
  const blocks = dimension - (dimension % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < blocks; i += 4) {
    a += vectors[start + i] * query[i];
    b += vectors[start + i + 1] * query[i + 1];
    c += vectors[start + i + 2] * query[i + 2];
    d += vectors[start + i + 3] * query[i + 3];
  }
  for (; i < dimension; i++) a += vectors[start + i] * query[i];
  return a + b + (c + d);
}

/** Every row is looked at: the reference for the approximate index, and the only search where that is absent. */
export class ExactIndex implements NearestNeighbours {
  readonly name = 'exact';
  readonly size: number;
  readonly dimension: number;
  readonly #vectors: Float32Array;

  constructor({ vectors, dimension }: VectorTable) {
    this.#vectors = vectors;
    this.dimension = dimension;
    this.size = dimension === 0 ? 0 : vectors.length / dimension;
  }

  search(query: Float32Array, limit: number): NearestRows {
    const top = new TopK(Math.min(limit, this.size));
    for (let row = 0; row < this.size; row++) top.offer(row, innerProduct(this.#vectors, row, this.dimension, query));
    const { rows, scores } = top.take();
    return { rows, similarities: scores };
  }
}
