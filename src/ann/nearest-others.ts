import { rowCount } from '../embedding/vectors.js';
import { type Matrix, matrix, multiplierBy } from '../linear/dense-matrix.js';
import type { VectorTable } from './exact.js';
import { HnswIndex, hnswAvailable } from './hnsw.js';
import type { NearestRows } from './nearest-neighbours.js';
import { TopK } from './top-rows.js';

/** Rows compared with a group of others in one product. */
const blockRows = 64;
/** Rows of a group: few enough to stay in a cache while block after block is compared with them. */
const groupRows = 2_048;
/** From this many pairs on an index, where one can be built, takes less time than all products. */
const mostPairs = 50_000 ** 2;

/**
 * For each row of a table, in their order, the nearest `limit` others of the first `candidates` rows: exact, or by an HNSW
 * index where there are `most` pairs or more and the index is installed.
 */
export function nearestOthers(
  table: VectorTable<Float32Array>,
  candidates: number,
  limit: number,
  most = mostPairs,
): Iterable<NearestRows> {
  const pairs = rowCount(table.vectors, table.dimension) * candidates;
  return pairs >= most && hnswAvailable() ? byIndex(table, candidates, limit) : byProducts(table, candidates, limit);
}

function* byIndex(
  { vectors, dimension }: VectorTable<Float32Array>,
  candidates: number,
  limit: number,
): Generator<NearestRows> {
  const index = HnswIndex.build({ vectors: vectors.subarray(0, candidates * dimension), dimension });
  const rows = rowCount(vectors, dimension);
  for (let row = 0; row < rows; row++) {
    const found = index.search(vectors.slice(row * dimension, (row + 1) * dimension), limit + 1);
    // A candidate is among its own nearest, but where too many are equal to it.
    const others = [...found.rows.keys()].filter((i) => found.rows[i] !== row).slice(0, limit);
    yield {
      rows: Uint32Array.from(others, (i) => found.rows[i]),
      similarities: Float32Array.from(others, (i) => found.similarities[i]),
    };
  }
}

/** The product of rows of two groups is taken once, and offered to both rows. */
function* byProducts(
  { vectors, dimension }: VectorTable<Float32Array>,
  candidates: number,
  limit: number,
): Generator<NearestRows> {
  const rows = rowCount(vectors, dimension);
  const taken = (first: number, most: number): Matrix => {
    const count = Math.min(most, rows - first);
    return matrix(count, dimension, vectors.subarray(first * dimension, (first + count) * dimension));
  };
  const starts = Array.from({ length: Math.ceil(rows / groupRows) }, (_, group) => group * groupRows);
  const productsWith = starts.map((start) => multiplierBy(taken(start, groupRows)));
  const tops = Array.from({ length: rows }, () => new TopK(Math.min(limit, candidates)));
  for (const [group, start] of starts.entries()) {
    const end = Math.min(start + groupRows, rows);
    for (let first = start; first < end && start < candidates; first += blockRows) {
      const block = taken(first, Math.min(blockRows, end - first));
      offerColumns(productsWith[group](block), tops, first, start, candidates);
      // Rows that are no candidates have been offered all others by then.
      for (let other = group + 1; other < starts.length && first < candidates; other++) {
        const products = productsWith[other](block);
        offerColumns(products, tops, first, starts[other], candidates);
        offerRows(products, tops, first, starts[other], candidates);
      }
    }
    for (let row = start; row < end; row++) {
      const { rows: nearest, scores: similarities } = tops[row].take();
      yield { rows: nearest, similarities };
    }
  }
}

/** To the rows of a block, from `first` on, those of a group, from `start` on. */
function offerColumns(products: Matrix, tops: readonly TopK[], first: number, start: number, candidates: number) {
  const { rows, columns, values } = products;
  const most = Math.min(columns, candidates - start);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < most; j++)
      if (start + j !== first + i) tops[first + i].offer(start + j, values[i * columns + j]);
}

/** To the rows of a group those of a block. */
function offerRows(products: Matrix, tops: readonly TopK[], first: number, start: number, candidates: number) {
  const { rows, columns, values } = products;
  const most = Math.min(rows, candidates - first);
  for (let j = 0; j < columns; j++)
    for (let i = 0; i < most; i++) tops[start + j].offer(first + i, values[i * columns + j]);
}
