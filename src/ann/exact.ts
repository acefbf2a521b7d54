import { productWith, rowCount, type Vectors } from '../embedding/vectors.js';
import type { NearestNeighbours, NearestRows } from './nearest-neighbours.js';
import { TopK } from './top-rows.js';

/** Vectors `[size, dimension]`, packed or not. */
export interface VectorTable<V extends Vectors = Vectors> {
  readonly vectors: V;
  readonly dimension: number;
  /** Under `cosine` every vector has length 1. */
  readonly metric?: 'cosine' | 'ip';
}

/** Every row is looked at: the reference for the approximate index, and the only search where that is absent. */
export class ExactIndex implements NearestNeighbours {
  readonly name = 'exact';
  readonly size: number;
  readonly dimension: number;
  readonly #vectors: Vectors;

  constructor({ vectors, dimension }: VectorTable) {
    this.#vectors = vectors;
    this.dimension = dimension;
    this.size = rowCount(vectors, dimension);
  }

  search(query: Float32Array, limit: number): NearestRows {
    const top = new TopK(Math.min(limit, this.size));
    const product = productWith(this.#vectors, this.dimension, query);
    for (let row = 0; row < this.size; row++) top.offer(row, product(row));
    const { rows, scores } = top.take();
    return { rows, similarities: scores };
  }
}
