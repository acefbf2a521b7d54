import { rowCount } from '../embedding/vectors.js';
import { matrix, multiplierBy } from '../linear/dense-matrix.js';
import type { VectorTable } from './exact.js';
import { HnswIndex, hnswAvailable } from './hnsw.js';
import type { NearestRows } from './nearest-neighbours.js';
import { TopK } from './top-rows.js';

/** Points compared with all rows in one product. */
const pointsAtOnce = 64;
/** From this many products on an index, where one can be built, takes less time than all of them. */
const mostProducts = 50_000 ** 2;

/**
 * The nearest `limit` rows of a table for each of many points [points, dimension], in their order: exact, or by an HNSW
 * index over the table where there are `most` products or more and the index is installed.
 */
export function* nearestOfMany(
  table: VectorTable<Float32Array>,
  points: Float32Array,
  limit: number,
  most = mostProducts,
): Generator<NearestRows> {
  const { vectors, dimension } = table;
  const rows = rowCount(vectors, dimension);
  const count = rowCount(points, dimension);
  if (rows * count >= most && hnswAvailable()) {
    const index = HnswIndex.build(table);
    for (let point = 0; point < count; point++)
      yield index.search(points.slice(point * dimension, (point + 1) * dimension), limit);
    return;
  }
  const products = multiplierBy(matrix(rows, dimension, vectors));
  for (let first = 0; first < count; first += pointsAtOnce) {
    const many = Math.min(pointsAtOnce, count - first);
    const block = matrix(many, dimension, points.subarray(first * dimension, (first + many) * dimension));
    const { values } = products(block);
    for (let point = 0; point < many; point++) {
      const top = new TopK(Math.min(limit, rows));
      for (let row = 0; row < rows; row++) top.offer(row, values[point * rows + row]);
      const best = top.take();
      yield { rows: best.rows, similarities: best.scores };
    }
  }
}
