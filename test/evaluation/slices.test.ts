import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileParts, slicesOf } from '../../src/evaluation/slices.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';

describe('quantile parts', () => {
  it('hold every row once, in order, equal keys together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        (keys, count) => {
          const parts = quantileParts(Float64Array.from(keys), count);
          expect(parts.length).toBeLessThanOrEqual(count);
          expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual([...keys.keys()]);
          for (let part = 1; part < parts.length; part++)
            expect(keys[parts[part][0]]).toBeGreaterThan(keys[parts[part - 1].at(-1)!]);
        },
      ),
    );
  });

  it('are of equal size where no two keys are alike', () => {
    const parts = quantileParts(Float64Array.of(5, 3, 9, 1, 7, 8), 3);
    expect(parts.map((part) => [...part])).toEqual([
      [3, 1],
      [0, 4],
      [5, 2],
    ]);
  });
});

describe('slices', () => {
  // Pin 0 is on three boards, pin 1 on one.
  const graph = memoryGraph({
    pins: ['a', 'b', 'c'],
    boards: ['x', 'y', 'z'],
    edges: { boards: Uint32Array.of(0, 1, 2, 2), pins: Uint32Array.of(0, 0, 0, 1) },
  });
  const cases = [
    { query: Uint32Array.of(0), relevant: Uint32Array.of(1), relevantCount: 1 },
    { query: Uint32Array.of(0, 1), relevant: Uint32Array.of(0, 1), relevantCount: 3 },
  ];
  const figures = new Map([['one', Float64Array.of(0.5, 1, 0.25, 0)]]);

  it('are means over the cases with as many known pins, or with test pins as popular', () => {
    const slices = slicesOf(graph, cases, figures, ['recall@5', 'mrr']);
    const [first, second] = [
      { 'recall@5': 0.5, mrr: 1 },
      { 'recall@5': 0.25, mrr: 0 },
    ];
    expect(slices).toEqual([
      { by: 'known_pins', from: 1, to: 1, cases: 1, methods: { one: first } },
      { by: 'known_pins', from: 2, to: 2, cases: 1, methods: { one: second } },
      { by: 'boards_of_test_pins', from: 1, to: 1, cases: 1, methods: { one: first } },
      { by: 'boards_of_test_pins', from: 2, to: 2, cases: 1, methods: { one: second } },
    ]);
  });

  it('are left out where all cases are alike', () => {
    expect(slicesOf(graph, [cases[0], cases[0]], figures, ['recall@5', 'mrr'])).toEqual([]);
  });
});
