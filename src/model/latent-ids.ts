import { degreeExponents } from '../graph/degree-exponents.js';
import { degree, degreePowers, degreesOf, type Graph, type Topology } from '../graph/graph.js';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import type { FeatureFit } from './features.js';
import { idRows, knownIds } from './id-rows.js';
import { latentBasis } from './latent-basis.js';
import type { PinSageSpec } from './spec.js';
import type { Weights } from './weights.js';

/** Root mean square of the rows' lengths. Of 1, 2 and 4, 2 found most of Gowalla's hidden edges after the first epochs. */
const rowLength = 2;

/**
 * Lets the rows of ids begin where the spec says. With `boards`, pins that share boards begin near each other: the
 * leading singular vectors of the board-pin matrix, degrees scaled down, are where many epochs from random rows would
 * lead. Hashed rows, which several pins share, stay random. Does nothing to weights without ids.
 */
export async function placeIds(
  weights: Weights,
  graph: Graph,
  spec: PinSageSpec,
  { fitted }: FeatureFit,
  seed: number,
): Promise<Weights> {
  const ids = weights.get('ids');
  if (!ids || spec.features.idStart === 'random' || !fitted.has(knownIds)) return weights;
  const width = ids.shape[1];
  const axes = await latentBasis(boardMatrix(graph.topology), width, seed);
  const { offsets, columns: rows } = idRows(graph, spec.features, fitted);
  const pins = Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin).filter(
    (pin) => offsets[pin] < offsets[pin + 1],
  );
  let square = 0;
  for (const pin of pins) for (let c = 0; c < width; c++) square += axes[pin * width + c] ** 2;
  const scale = square > 0 ? rowLength / Math.sqrt(square / pins.length) : 0;
  // What the axes lack, as where there are fewer boards than columns, stays random.
  const values = ids.values.slice();
  for (const pin of pins)
    for (let c = 0, row = rows[offsets[pin]] * width; c < width; c++) {
      const place = scale * axes[pin * width + c];
      if (place !== 0) values[row + c] = place;
    }
  return new Map([...weights, ['ids', { shape: ids.shape, values }]]);
}

/** The board-pin matrix D_b^-β R D_p^-α. */
function boardMatrix({ boards, pins }: Topology): SparseMatrix {
  const boardCount = boards.offsets.length - 1;
  const pinScales = degreePowers(degreesOf(pins), -degreeExponents.pin);
  const values = new Float32Array(boards.neighbours.length);
  for (let board = 0; board < boardCount; board++) {
    const scale = Math.max(1, degree(boards, board)) ** -degreeExponents.board;
    for (let e = boards.offsets[board]; e < boards.offsets[board + 1]; e++)
      values[e] = scale * pinScales[boards.neighbours[e]];
  }
  return {
    shape: [boardCount, pinScales.length],
    offsets: Int32Array.from(boards.offsets),
    columns: Int32Array.from(boards.neighbours),
    values,
  };
}
