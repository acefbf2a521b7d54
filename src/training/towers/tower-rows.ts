import { inParts, type SparseMatrix } from '../../linear/sparse-matrix.js';
import type { EncodedBatch, RowExchange } from '../../model/encoder.js';
import { pool, sumWeights } from '../../model/pooling.js';
import { reshaped } from '../../model/operations.js';
import { adjacencyOf, sparseProduct } from '../../model/sparse-product.js';
import type { PinSageSpec } from '../../model/spec.js';
import type { Exchange } from './exchange.js';
import { ownRows, type TowerPlace } from './tower-part.js';

/**
 * The rows of a batch of which a tower holds `part`. Where pooling is a sum, a tower adds up its own sources for the
 * targets of all, and the towers exchange sums: there are far fewer targets than sources.
 */
export function towerRows(
  { layers }: EncodedBatch,
  part: EncodedBatch,
  { pooling }: PinSageSpec,
  place: TowerPlace,
  exchange: Exchange,
): RowExchange {
  const all: RowExchange['all'] = (own) => exchange.all(own);
  return {
    all,
    pool(layer, own, graphs) {
      if (pooling === 'max') return pool(pooling, adjacencyOf(part.layers[layer]), all(own), graphs);
      const matrix = sumWeights(pooling, inParts(adjacencyOf(layers[layer]), graphs));
      const found = sparseProduct(ownColumns(matrix, place), own);
      return exchange.sum(reshaped(found, graphs * own.shape[1]));
    },
  };
}

/** The columns of a tower's own rows, without the zeros that pad a short row. */
function ownColumns({ shape, offsets, columns, values }: SparseMatrix, place: TowerPlace): SparseMatrix {
  const [rows, width] = shape;
  const { rank, towers } = place;
  const own = { columns: new Int32Array(columns.length), values: new Float32Array(columns.length) };
  const ends = new Int32Array(rows + 1);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      if (columns[e] % towers !== rank || values[e] === 0) continue;
      own.columns[count] = (columns[e] - rank) / towers;
      own.values[count++] = values[e];
    }
    ends[row + 1] = count;
  }
  return {
    shape: [rows, ownRows(width, place)],
    offsets: ends,
    columns: own.columns.subarray(0, count),
    values: own.values.subarray(0, count),
  };
}
