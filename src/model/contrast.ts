import * as tf from '@tensorflow/tfjs-core';
import { pickRows, selection, type SparseMatrix } from '../linear/sparse-matrix.js';
import type { MiniBatch } from '../sampling/minibatch.js';
import { type Contrast, excluded } from './loss.js';
import { rowScores, scores, sum } from './operations.js';
import { sparseProduct } from './sparse-product.js';
import type { PinSageSpec } from './spec.js';

/** What the loss must know of a batch beside its pins. All pairs of one board lie side by side. */
export interface BatchTargets {
  /** [B] the board of each pair. */
  readonly boards: Uint32Array;
  /** Whether a pin, by its position in the batch, is on a board: then it is no negative for it. */
  readonly isOnBoard: (position: number, board: number) => boolean;
  /** [targets] log of how often a pin, by its position, is a negative of this batch on average. */
  readonly logExpected: Float32Array;
}

/** Runs of pairs of one board, as [from, to). */
function boardRuns(boards: Uint32Array): [number, number][] {
  const runs: [number, number][] = [];
  for (let from = 0; from < boards.length;) {
    let to = from + 1;
    while (to < boards.length && boards[to] === boards[from]) to++;
    runs.push([from, to]);
    from = to;
  }
  return runs;
}

/** [B, pins] rows that average what stands for each query: the companions of its pair, or its query pin alone. */
export function queryMatrix(
  { queries, companions }: Pick<MiniBatch, 'queries' | 'companions'>,
  pins: number,
): SparseMatrix {
  if (!companions) return selection(queries, pins);
  const { offsets, positions } = companions;
  const values = new Float32Array(positions.length);
  for (let row = 0; row < queries.length; row++)
    values.fill(1 / (offsets[row + 1] - offsets[row]), offsets[row], offsets[row + 1]);
  return { shape: [queries.length, pins], offsets, columns: positions, values };
}

/** Under the softmax loss, temperature · correction · −log(how often a pin is a negative), by its position. */
export function ownShifts(
  positions: Int32Array,
  { logExpected }: BatchTargets,
  { loss, temperature, correction }: PinSageSpec,
): Float32Array {
  const strength = loss === 'softmax' ? -temperature * correction : 0;
  return Float32Array.from(positions, (position) => strength * logExpected[position]);
}

/** [B, M] what is added to the scores of negatives: `excluded` for pins of the row's board, else their own shift. */
export function negativeShifts(
  negatives: Int32Array,
  targets: BatchTargets,
  spec: PinSageSpec,
  boards: Uint32Array,
): Float32Array {
  const width = negatives.length;
  const own = ownShifts(negatives, targets, spec);
  const result = new Float32Array(boards.length * width);
  for (const [from, to] of boardRuns(boards)) {
    const row = own.slice();
    for (let column = 0; column < width; column++)
      if (targets.isOnBoard(negatives[column], boards[from])) row[column] = excluded;
    for (let i = from; i < to; i++) result.set(row, i * width);
  }
  return result;
}

/**
 * The scores of a batch's queries, or of those of the pairs in [from, to), with their positives and negatives.
 * Under the softmax loss each pin's score is lowered by temperature · correction · log(how often it is a
 * negative), so that often drawn pins are not pushed down for being drawn often.
 */
export function contrastOf(
  z: tf.Tensor2D,
  batch: MiniBatch,
  targets: BatchTargets,
  spec: PinSageSpec,
  [from, to]: readonly [number, number] = [0, batch.queries.length],
): Contrast {
  const pins = z.shape[0];
  const pick = (positions: Int32Array): tf.Tensor2D => sparseProduct(selection(positions, pins), z);
  const all = queryMatrix(batch, pins);
  const whole = to - from === batch.queries.length;
  const query = sparseProduct(
    whole
      ? all
      : pickRows(
          all,
          Uint32Array.from({ length: to - from }, (_, i) => from + i),
        ),
    z,
  );
  const positives = batch.positives.subarray(from, to);
  const positive = pick(positives);
  const boards = targets.boards.subarray(from, to);
  const shared = (positions: Int32Array, vectors: tf.Tensor2D): tf.Tensor2D => {
    const shifts = negativeShifts(positions, targets, spec, boards);
    return sum(scores(query, vectors), tf.tensor2d(shifts, [boards.length, positions.length]));
  };
  const negatives = [shared(batch.negatives, pick(batch.negatives))];
  if (spec.inBatchNegatives) negatives.push(shared(batch.positives, whole ? positive : pick(batch.positives)));
  const hard = batch.hardNegatives.length / batch.queries.length;
  for (let which = 0; which < hard; which++) {
    const positions = positives.map((_positive, row) => batch.hardNegatives[(from + row) * hard + which]);
    const columns = rowScores(query, pick(positions));
    // Where nothing was mined for a query it has an ordinary negative, which may be on its board.
    const shifts = Float32Array.from(positions, (position, row) =>
      targets.isOnBoard(position, boards[row]) ? excluded : 0,
    );
    negatives.push(
      shifts.some((shift) => shift !== 0) ? sum(columns, tf.tensor2d(shifts, [shifts.length, 1])) : columns,
    );
  }
  const own = tf.tensor2d(ownShifts(positives, targets, spec), [positives.length, 1]);
  return { positive: sum(rowScores(query, positive), own), negatives };
}
