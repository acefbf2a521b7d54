/** Pin vectors in the order of the graph's dense pin indices. */
export interface EmbeddingTable {
  readonly modelId: string;
  readonly graphId: string;
  readonly dimension: number;
  /** Vectors are L2-normalised under `cosine`, so the inner product serves both. */
  readonly metric: 'cosine' | 'ip';
  readonly pinIds: readonly string[];
  /** [pins, dimension]. */
  readonly vectors: Float32Array;
}

/** One pin's vector, as a view. */
export function vectorOf(table: EmbeddingTable, pin: number): Float32Array {
  return table.vectors.subarray(pin * table.dimension, (pin + 1) * table.dimension);
}
