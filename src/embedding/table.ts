import { rowOf, type Vectors } from './vectors.js';

/** Pin vectors in the order of the graph's dense pin indices. */
export interface EmbeddingTable<V extends Vectors = Vectors> {
  readonly modelId: string;
  readonly graphId: string;
  readonly dimension: number;
  /** Vectors are L2-normalised under `cosine`, so the inner product serves both. */
  readonly metric: 'cosine' | 'ip';
  readonly pinIds: readonly string[];
  /** [pins, dimension], packed or not. */
  readonly vectors: V;
}

/** One pin's vector: a view, or unpacked. */
export function vectorOf(table: EmbeddingTable, pin: number): Float32Array {
  return rowOf(table.vectors, table.dimension, pin);
}
