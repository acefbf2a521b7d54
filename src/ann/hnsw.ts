import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BoardwalkError } from '../errors.js';
import { productWith, rowCount, rowOf, typeOf, type Vectors } from '../embedding/vectors.js';
import { withDefaults } from '../with-defaults.js';
import type { VectorTable } from './exact.js';
import type { NearestNeighbours, NearestRows } from './nearest-neighbours.js';
import { TopK } from './top-rows.js';

export interface HnswOptions {
  /** M: links of a node in each layer above the ground. */
  connectivity: number;
  /** efConstruction: nodes kept in sight while linking. */
  expansionAdd: number;
  /** ef: nodes kept in sight while searching; never fewer than the rows fetched. */
  expansionSearch: number;
  /** Rows fetched for each row asked for, before the exact re-ranking. */
  overFetch: number;
}

export const hnswDefaults: Readonly<HnswOptions> = {
  connectivity: 16,
  expansionAdd: 128,
  expansionSearch: 64,
  overFetch: 1.5,
};

/** The part of usearch that is called here. Its types are not imported, for the package may be absent. */
interface Usearch {
  readonly Index: new (config: Record<string, unknown>) => UsearchIndex;
}

interface UsearchIndex {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  search(query: Float32Array, limit: number, threads: number): { keys: BigUint64Array };
  size(): number;
  dimensions(): number;
  save(path: string): void;
  view(path: string): void;
}

/** More than a stream of the C library holds back. */
const probeBytes = 65_536;

let loaded: Usearch | null | undefined;

/** The optional native library, or null where it is not installed for this platform. */
function usearch(): Usearch | null {
  if (loaded === undefined) {
    try {
      loaded = createRequire(import.meta.url)('usearch') as Usearch;
    } catch {
      loaded = null;
    }
  }
  return loaded;
}

export function hnswAvailable(): boolean {
  return usearch() !== null;
}

/**
 * How the index keeps its own copy of the vectors; what it proposes is ranked by the table's. The library's
 * 8-bit vectors lose their length. A file that is opened knows its own.
 */
function quantizationOf({ vectors, metric }: VectorTable): string {
  const type = typeOf(vectors);
  if (type === 'float32') return 'f32';
  return type === 'float16' || metric !== 'cosine' ? 'f16' : 'i8';
}

/** Packed rows that are unpacked and linked at a time. */
const addedRows = 16_384;

function emptyIndex(table: VectorTable, options: HnswOptions): UsearchIndex {
  const library = usearch();
  if (!library)
    throw new BoardwalkError(
      'backend_missing',
      'The package usearch is not installed here; exact search serves instead.',
    );
  return new library.Index({
    dimensions: table.dimension,
    metric: 'ip',
    quantization: quantizationOf(table),
    connectivity: options.connectivity,
    expansion_add: options.expansionAdd,
    expansion_search: options.expansionSearch,
    multi: false,
  });
}

/**
 * Approximate search over a hierarchical navigable small-world graph. The library proposes more rows than
 * asked for; their inner products are computed again from the vectors, so scores and ties match exact search.
 */
export class HnswIndex implements NearestNeighbours {
  readonly name = 'hnsw';
  readonly size: number;
  readonly dimension: number;
  readonly #index: UsearchIndex;
  readonly #vectors: Vectors;
  readonly #overFetch: number;

  private constructor(index: UsearchIndex, { vectors, dimension }: VectorTable, overFetch: number) {
    this.#index = index;
    this.#vectors = vectors;
    this.dimension = dimension;
    this.size = rowCount(vectors, dimension);
    this.#overFetch = overFetch;
  }

  /** Links every row, on one thread: the order of insertion, and so the index, is then the same each time. */
  static build(table: VectorTable, options: Partial<HnswOptions> = {}): HnswIndex {
    const settings = withDefaults(hnswDefaults, options);
    const index = emptyIndex(table, settings);
    const { vectors, dimension } = table;
    const size = rowCount(vectors, dimension);
    const atOnce = vectors instanceof Float32Array ? size : addedRows;
    for (let from = 0; from < size; from += atOnce) {
      const keys = BigUint64Array.from({ length: Math.min(atOnce, size - from) }, (_, row) => BigInt(from + row));
      // A copy, for the library refuses vectors in shared memory.
      const rows = new Float32Array(keys.length * dimension);
      keys.forEach((key, row) => rows.set(rowOf(vectors, dimension, Number(key)), row * dimension));
      index.add(keys, rows, 1);
    }
    return new HnswIndex(index, table, settings.overFetch);
  }

  /** Maps a saved index from disk; nothing is read before it is needed. */
  static open(path: string, table: VectorTable, options: Partial<HnswOptions> = {}): HnswIndex {
    const settings = withDefaults(hnswDefaults, options);
    const index = emptyIndex(table, settings);
    try {
      index.view(path);
    } catch (cause) {
      throw new BoardwalkError(
        'bad_file',
        `${path} is not an index that usearch can open; train or embed again.`,
        { file: path },
        { cause },
      );
    }
    const size = rowCount(table.vectors, table.dimension);
    if (index.size() !== size || index.dimensions() !== table.dimension)
      throw new BoardwalkError(
        'mismatch',
        `${path} holds ${index.size()} vectors of ${index.dimensions()}, the embedding table ${size} of ${table.dimension}; run \`boardwalk embed\` to renew the index.`,
        { file: path },
      );
    return new HnswIndex(index, table, settings.overFetch);
  }

  /** Throws where the file is not whole: the library says nothing when its last few kilobytes find no room. */
  save(path: string): void {
    this.#index.save(path);
    const probe = `${path}.room`;
    try {
      writeFileSync(probe, new Uint8Array(probeBytes));
    } finally {
      rmSync(probe, { force: true });
    }
  }

  search(query: Float32Array, limit: number): NearestRows {
    const wanted = Math.min(limit, this.size);
    const fetched = Math.min(this.size, Math.ceil(wanted * this.#overFetch));
    if (fetched === 0) return { rows: new Uint32Array(0), similarities: new Float32Array(0) };
    const { keys } = this.#index.search(query, fetched, 1);
    const top = new TopK(wanted);
    const product = productWith(this.#vectors, this.dimension, query);
    for (const key of keys) top.offer(Number(key), product(Number(key)));
    const { rows, scores } = top.take();
    return { rows, similarities: scores };
  }
}
