import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { selection, sparseFromRows, type SparseMatrix } from '../../src/linear/sparse-matrix.js';
import { attention } from '../../src/model/attention.js';
import { openBackend } from '../../src/model/backends.js';
import { random } from '../../src/random.js';
import { backendsFound } from './backends-found.js';
import { gradientError, normal } from './numeric-gradient.js';

type Matrix = tf.Tensor2D;
const [rows, width, heads] = [6, 4, 2];
const tolerance = 5e-3;

/** Up to `perRow` tokens a row, padding among them; the last row has none. */
function someOf(tokens: number, perRow: number): SparseMatrix {
  const source = random(9, tokens);
  const indices = Int32Array.from({ length: rows * perRow }, () => source.below(tokens));
  const weights = Float32Array.from(indices, (_, e) =>
    e % 4 === 3 || e >= (rows - 1) * perRow ? 0 : 0.1 + source.float(),
  );
  return sparseFromRows(indices, weights, perRow, tokens);
}

const itself = selection(
  Int32Array.from({ length: rows }, (_, row) => row),
  rows,
);
const pins = someOf(5, 4);
const boards = someOf(7, 3);

/** One row after the other, by the definition. */
function slowly(query: Matrix, sets: readonly { memory: Matrix; attended: SparseMatrix }[]): number[] {
  const of = (x: Matrix): number[][] => x.arraySync();
  return of(query).flatMap((q, row) => {
    const tokens = sets.flatMap(({ memory, attended: { offsets, columns, values } }) =>
      Array.from(columns.subarray(offsets[row], offsets[row + 1]))
        .filter((_, i) => values[offsets[row] + i] > 0)
        .map((token) => of(memory)[token]),
    );
    const columns = width / heads;
    return q.map((_, j) => {
      const from = Math.floor(j / columns) * columns;
      const exponentials = tokens.map((token) => {
        let logit = 0;
        for (let i = from; i < from + columns; i++) logit += q[i] * token[i];
        return Math.exp(logit / Math.sqrt(columns));
      });
      const total = exponentials.reduce((sum, each) => sum + each, 0);
      return tokens.reduce((sum, token, i) => sum + (exponentials[i] / total) * token[width + j], 0);
    });
  });
}

// Values are needed at once, which WebGPU does not give.
const names = (await backendsFound()).found.map(({ name }) => name).filter((name) => name !== 'webgpu');

describe.each(names)('attention on %s', (name) => {
  beforeAll(async () => {
    await openBackend(name);
  });

  const operands = (): Matrix[] => [normal([rows, width], 1), normal([5, 2 * width], 2), normal([7, 2 * width], 3)];

  it('is what its definition says, over tokens of all sets and of no padding', () => {
    const [query, ofPins, ofBoards] = operands();
    const own = normal([rows, 2 * width], 4);
    const sets = [
      { memory: own, attended: itself },
      { memory: ofPins, attended: pins },
      { memory: ofBoards, attended: boards },
    ];
    const found = attention(query, sets, heads).dataSync();
    slowly(query, sets).forEach((wanted, i) => expect(found[i]).toBeCloseTo(wanted, 5));
  });

  it('gives 0 where a query has no token', () => {
    const [query, ofPins] = operands();
    const found = attention(query, [{ memory: ofPins, attended: pins }], heads).dataSync();
    expect(Array.from(found.subarray((rows - 1) * width))).toEqual([0, 0, 0, 0]);
    expect(found.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['two sets', operands, [pins, boards]],
    ['one', () => operands().slice(0, 2), [pins]],
    [
      'itself',
      () => [normal([rows, width], 1), normal([rows, 2 * width], 4), normal([5, 2 * width], 2)],
      [itself, pins],
    ],
  ] as const)('has the gradient that finite differences have: %s', (_, of, attended) => {
    const error = gradientError(
      (query, ...memories) =>
        attention(
          query as Matrix,
          memories.map((memory, set) => ({ memory: memory as Matrix, attended: attended[set] })),
          heads,
        ),
      of(),
    );
    expect(error).toBeLessThan(tolerance);
  });
});
