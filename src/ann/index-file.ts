import { existsSync } from 'node:fs';
import { rowCount } from '../embedding/vectors.js';
import { ExactIndex, type VectorTable } from './exact.js';
import { HnswIndex, type HnswOptions, hnswAvailable } from './hnsw.js';
import type { NearestNeighbours } from './nearest-neighbours.js';

export interface IndexOptions extends Partial<HnswOptions> {
  /** `auto` takes HNSW where it is installed and the table is large enough to gain from it. */
  kind?: 'auto' | 'exact' | 'hnsw';
}

/** Below this many rows exact search answers within a millisecond or two, and is right. */
export const exactBelow = 20_000;

/** An index over the table's rows. HNSW is also saved at `path`, if one is given; exact search needs no file. */
export function buildIndex(table: VectorTable, path: string | null, options: IndexOptions = {}): NearestNeighbours {
  const { kind = 'auto', ...hnsw } = options;
  const rows = rowCount(table.vectors, table.dimension);
  const approximate = kind === 'hnsw' || (kind === 'auto' && rows >= exactBelow && hnswAvailable());
  if (!approximate) return new ExactIndex(table);
  const index = HnswIndex.build(table, hnsw);
  if (path !== null) index.save(path);
  return index;
}

/** The index saved at `path`, mapped; exact search where there is no file or no library to open it with. */
export function openIndex(path: string, table: VectorTable, options: Partial<HnswOptions> = {}): NearestNeighbours {
  return existsSync(path) && hnswAvailable() ? HnswIndex.open(path, table, options) : new ExactIndex(table);
}
