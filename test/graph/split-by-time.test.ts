import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgeCount, type Graph } from '../../src/graph/graph.js';
import { withoutEdges } from '../../src/graph/memory-graph.js';
import { assertNoLeak, heldOutPairs } from '../../src/graph/split.js';
import { holdOutLatest } from '../../src/graph/split-by-time.js';
import { smallGraph } from '../candidates/small-graph.js';

const graph = smallGraph(40, 30, 3);
const edges = edgeCount(graph);

/** The graph with times: `undefined` stands for none. */
const dated = (timeOf: (edge: number) => number | undefined): Graph => ({
  ...graph,
  edges: { addedAt: Float64Array.from({ length: edges }, (_, edge) => timeOf(edge) ?? Number.NaN) },
});

describe('a split in time', () => {
  test('leaves no edge to training that is later than a hidden one, and leaks none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }), {
          minLength: edges,
          maxLength: edges,
        }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (times, share) => {
          fc.pre(new Set(times.filter((time) => time !== undefined)).size > 1);
          const whole = dated((edge) => times[edge]);
          const { hidden, since, undated } = holdOutLatest(whole, share);
          const train = withoutEdges(whole, hidden);
          const pairs = heldOutPairs(whole, hidden);
          assertNoLeak(train, pairs);
          expect(edgeCount(train) + pairs.pins.length).toBe(edges);
          const known = train.edges.addedAt!.filter((time) => !Number.isNaN(time));
          const later = whole.edges.addedAt!.filter((_, edge) => hidden[edge] === 1);
          expect(Math.max(...known)).toBeLessThan(since);
          expect(Math.min(...later)).toBe(since);
          expect(undated).toBe(times.filter((time) => time === undefined).length);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('hides the asked share where no two edges are of one moment', () => {
    const { hidden } = holdOutLatest(
      dated((edge) => 1e12 - edge),
      0.25,
    );
    const count = hidden.reduce((sum, flag) => sum + flag, 0);
    expect(count).toBe(edges - Math.floor(0.75 * edges));
    expect(hidden.subarray(0, count)).toEqual(new Uint8Array(count).fill(1));
  });

  test('says what is missing where there are no times, one moment alone, or a share without sense', () => {
    expect(() => holdOutLatest(graph, 0.1)).toThrow(/No edge of this graph has a time/);
    expect(() =>
      holdOutLatest(
        dated(() => undefined),
        0.1,
      ),
    ).toThrow(/added_at/);
    expect(() =>
      holdOutLatest(
        dated(() => 5),
        0.1,
      ),
    ).toThrow(/the same moment, 1970/);
    expect(() =>
      holdOutLatest(
        dated((edge) => edge),
        1,
      ),
    ).toThrow(/share is 1/);
  });
});
