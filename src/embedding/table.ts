import { rowCount, rowOf, type Vectors } from './vectors.js';

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

/** What a network's spec says of the columns that it was trained in. */
export interface TrainedVectors {
  readonly dimension: number;
  /** Whether they are of length 1. */
  readonly normalise: boolean;
}

/** The columns of every vector that PinSage was trained in, the leading ones, unpacked; the table itself where it has no others. */
export function trainedColumns(
  table: EmbeddingTable,
  { dimension: columns, normalise }: TrainedVectors,
): EmbeddingTable {
  if (columns >= table.dimension) return table;
  const rows = rowCount(table.vectors, table.dimension);
  const vectors = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) vectors.set(rowOf(table.vectors, table.dimension, row, columns), row * columns);
  return { ...table, dimension: columns, metric: normalise ? 'cosine' : 'ip', vectors };
}
