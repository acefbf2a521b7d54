/** Rows in descending similarity, ties by row. */
export interface NearestRows {
  readonly rows: Uint32Array;
  /** Inner products. */
  readonly similarities: Float32Array;
}

/** Nearest rows of a fixed set of vectors by inner product. Exact search is the reference implementation. */
export interface NearestNeighbours {
  readonly name: 'exact' | 'hnsw';
  readonly size: number;
  readonly dimension: number;
  search(query: Float32Array, limit: number): NearestRows;
}
