import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { topologyFromEdges } from '../../src/graph/adjacency.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { pinSageSpec } from '../../src/model/spec.js';
import { negativeChances } from '../../src/training/batch-targets.js';
import { type Companions, someOfPairs } from '../../src/sampling/positive-pairs.js';
import { boardPairs, positivesExpected } from '../../src/training/board-pairs.js';
import { foldOf, inTurn } from '../../src/training/folds.js';
import { learningRateAt } from '../../src/training/learning-rate.js';

/** Boards as lists of pins. */
function topology(boards: number[][], pins: number) {
  return topologyFromEdges(
    {
      boards: Uint32Array.from(boards.flatMap((held, board) => held.map(() => board))),
      pins: Uint32Array.from(boards.flat()),
    },
    pins,
    boards.length,
  );
}

const pinCount = 12;
const anyBoards = fc.array(fc.uniqueArray(fc.nat(pinCount - 1), { maxLength: 8 }), { minLength: 1, maxLength: 10 });

it('pairs different pins of one board, side by side, each pin a positive at most once a board', () => {
  fc.assert(
    fc.property(
      anyBoards,
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 1, max: 40 }),
      (lists, pinsPerBoard, limit) => {
        const graph = topology(lists, pinCount);
        const { queries, positives, boards } = boardPairs(graph, { pinsPerBoard, limit, epoch: 1, seed: 1 });
        const seen = new Map<number, Set<number>>();
        boards.forEach((board, i) => {
          const held = neighboursOf(graph.boards, board);
          expect(held).toContain(queries[i]);
          expect(held).toContain(positives[i]);
          expect(queries[i]).not.toBe(positives[i]);
          if (i > 0 && boards[i - 1] !== board) expect(seen.has(board)).toBe(false);
          const given = seen.get(board) ?? new Set();
          expect(given.has(positives[i])).toBe(false);
          seen.set(board, given.add(positives[i]));
        });
        const all = lists.reduce((sum, held) => sum + (held.length > 1 ? Math.min(held.length, pinsPerBoard) : 0), 0);
        expect(boards).toHaveLength(Math.min(all, limit));
      },
    ),
  );
});

it('lets other pins of the board stand for it, never the positive, as many as are asked for', () => {
  fc.assert(
    fc.property(anyBoards, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 6 }), (lists, queryPins, held) => {
      const graph = topology(lists, pinCount);
      const pairs = boardPairs(graph, { pinsPerBoard: held, limit: 30, queryPins, epoch: 1, seed: 1 });
      const { offsets, pins } = pairs.companions as Companions;
      expect(offsets).toHaveLength(pairs.boards.length + 1);
      pairs.boards.forEach((board, i) => {
        const own = [...pins.subarray(offsets[i], offsets[i + 1])];
        const others = [...neighboursOf(graph.boards, board)].filter((pin) => pin !== pairs.positives[i]);
        expect(own).toHaveLength(Math.min(queryPins, others.length));
        expect(new Set(own).size).toBe(own.length);
        for (const pin of own) expect(others).toContain(pin);
      });
      const some = someOfPairs(pairs, 1, pairs.boards.length);
      expect([...(some.companions as Companions).pins]).toEqual([...pins.subarray(offsets[1] ?? pins.length)]);
    }),
  );
});

it('draws other pairs in another epoch and the same in the same', () => {
  const graph = topology(
    Array.from({ length: 30 }, () => [0, 1, 2, 3, 4, 5]),
    pinCount,
  );
  const draw = (epoch: number) => boardPairs(graph, { pinsPerBoard: 3, limit: 50, epoch, seed: 1 });
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

it('expects of each pin as many positives as epochs give on average', () => {
  const graph = topology([[0, 1, 2, 3, 4, 5], [0, 1], [2], [1, 2, 3]], pinCount);
  const expected = positivesExpected(graph, 3);
  const counts = new Float64Array(pinCount);
  const epochs = 4000;
  for (let epoch = 1; epoch <= epochs; epoch++)
    for (const pin of boardPairs(graph, { pinsPerBoard: 3, limit: 1000, epoch, seed: 1 }).positives) counts[pin]++;
  counts.forEach((count, pin) => expect(Math.abs(count / epochs - expected[pin])).toBeLessThan(0.05));
});

it('gives chances that sum to 1', () => {
  const graph = topology(
    [
      [0, 1, 2],
      [2, 3],
    ],
    5,
  );
  for (const negativeDistribution of ['uniform', 'degree'] as const) {
    const { random, positive } = negativeChances(graph, pinSageSpec({ negativeDistribution }));
    for (const chances of [random, positive]) expect(chances.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
    expect(random[4]).toBeCloseTo(negativeDistribution === 'uniform' ? 0.2 : 0, 9);
  }
});

it('deals boards into folds of about equal size', () => {
  const counts = [0, 0, 0, 0];
  for (let board = 0; board < 4000; board++) counts[foldOf(board, 4, 1)]++;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

async function* numbers(...values: number[]) {
  yield* values;
}

it('takes from each source in turn until all are empty', async () => {
  const taken: number[] = [];
  for await (const { item, source } of inTurn([numbers(1, 2, 3), numbers(), numbers(7)]))
    taken.push(10 * source + item);
  expect(taken).toEqual([1, 27, 2, 3]);
});

it('warms up through the first epoch and decays without a jump after it', () => {
  const rates = { learningRate: 0.1, learningRateDecay: 0.5 };
  expect(learningRateAt(rates, 1, 0.25)).toBeCloseTo(0.025, 9);
  expect(learningRateAt(rates, 1, 1)).toBeCloseTo(0.1, 9);
  expect(learningRateAt(rates, 2, 0)).toBeCloseTo(0.1, 9);
  expect(learningRateAt(rates, 2, 1)).toBeCloseTo(0.05, 9);
  expect(learningRateAt(rates, 3, 1)).toBeCloseTo(0.025, 9);
});
