import { describe, expect, it } from 'vitest';
import { clustersOf } from '../../src/evaluation/cases.js';
import { boardTask, drawPairs, relatedTask, userTask } from '../../src/evaluation/tasks.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';

const graph = memoryGraph({
  pins: ['p0', 'p1', 'p2', 'p3'],
  boards: ['b0', 'b1', 'b2'],
  edges: { boards: Uint32Array.of(0, 0, 1, 2), pins: Uint32Array.of(0, 1, 1, 2) },
  boardAttributes: { owner: ['ann', 'ben', 'ann'] },
});

describe('board completion', () => {
  it('knows the pins of the graph and keeps test pins outside the catalogue in the count', () => {
    const { cases, split } = boardTask(graph, { from: ['b1', 'b0', 'b1'], pins: ['p3', 'p2', 'nowhere'] });
    expect(cases.map(({ query, relevant, relevantCount }) => [[...query], [...relevant], relevantCount])).toEqual([
      [[1], [3], 2],
      [[0, 1], [2], 1],
    ]);
    expect(split).toMatchObject({ test_boards: 2, test_pairs: 3, test_pins_outside_catalogue: 1 });
  });

  it('counts boards that the graph lacks', () => {
    const { cases, split } = boardTask(graph, { from: ['new', 'b0'], pins: ['p0', 'p3'] });
    expect(split.test_boards_outside_graph).toBe(1);
    expect([...cases[0].query]).toEqual([]);
  });

  it('fails loudly where a test pair is an edge of the graph', () => {
    expect(() => boardTask(graph, { from: ['b0', 'b1'], pins: ['p3', 'p1'] })).toThrow(
      expect.objectContaining({ code: 'leak', message: expect.stringContaining('"b1"') as string }),
    );
  });
});

describe('homefeeds', () => {
  it('know the pins of all boards that a person owns', () => {
    const { cases, split } = userTask(graph, { from: ['ann', 'cyd'], pins: ['p3', 'p0'] });
    expect([...cases[0].query]).toEqual([0, 1, 2]);
    expect([...cases[1].query]).toEqual([]);
    expect(split).toMatchObject({ test_users: 2, test_users_outside_graph: 1, test_pins_already_saved: 0 });
  });

  it('seek no pin that a person has on any board, and leave out people without another', () => {
    const pairs = { from: ['ann', 'ann', 'ann', 'ben'], pins: ['p2', 'p3', 'nowhere', 'p1'] };
    const { cases, split } = userTask(graph, pairs);
    expect(cases.map(({ relevant, relevantCount }) => [[...relevant], relevantCount])).toEqual([[[3], 2]]);
    expect(split).toMatchObject({
      test_users: 2,
      test_pairs: 4,
      test_pins_outside_catalogue: 1,
      test_pins_already_saved: 2,
    });
  });
});

describe('related pins', () => {
  it('ask with one pin for the other', () => {
    const { cases, split } = relatedTask(graph, { from: ['p0', 'nowhere'], pins: ['p2', 'p1'] });
    expect(cases.map(({ query, relevant }) => [[...query], [...relevant]])).toEqual([
      [[0], [2]],
      [[], [1]],
    ]);
    expect(split.query_pins_outside_graph).toBe(1);
  });

  it('are of one cluster where they were drawn from one board, or ask for one pin', () => {
    const clusters = (pairs: Parameters<typeof relatedTask>[1]) => {
      const found = clustersOf(relatedTask(graph, pairs).cases);
      return found && [...found];
    };
    expect(clusters({ from: ['p0', 'p1', 'p0'], pins: ['p2', 'p2', 'p1'] })).toEqual([0, 1, 0]);
    const drawn = drawPairs({ from: ['a', 'a', 'b', 'b'], pins: ['p0', 'p1', 'p1', 'p2'] }, { pairsPerBoard: 2 });
    expect(clusters(drawn)).toEqual([0, 0, 1, 1]);
    expect(clustersOf(boardTask(graph, { from: ['none'], pins: ['p2'] }).cases)).toBeUndefined();
  });

  it('are drawn from held-out boards: distinct ordered pairs of one board, at most so many of each', () => {
    const from = [...Array<string>(20).fill('large'), 'small', 'small', 'single'];
    const pins = from.map((_, i) => `p${i}`);
    const drawn = drawPairs({ from, pins }, { pairsPerBoard: 6, seed: 3 });
    const boardOf = new Map(pins.map((pin, i) => [pin, from[i]]));
    const pairs = drawn.from.map((pin, i) => [pin, drawn.pins[i]]);
    expect(new Set(pairs.map(String)).size).toBe(pairs.length);
    for (const [a, b] of pairs) {
      expect(a).not.toBe(b);
      expect(boardOf.get(a)).toBe(boardOf.get(b));
    }
    const count = (board: string): number => pairs.filter(([a]) => boardOf.get(a) === board).length;
    expect([count('large'), count('small'), count('single')]).toEqual([6, 2, 0]);
    expect(drawPairs({ from, pins }, { pairsPerBoard: 6, seed: 3 })).toEqual(drawn);
  });

  it('are the same pairs whatever the order of the rows', () => {
    const from = Array.from({ length: 40 }, (_, i) => `b${i % 3}`);
    const pins = from.map((_, i) => `p${i}`);
    const pairsOf = (rows: { from: string[]; pins: string[] }): string[] => {
      const drawn = drawPairs(rows, { pairsPerBoard: 4 });
      return drawn.from.map((pin, i) => `${drawn.drawnFrom?.[i]}: ${pin}, ${drawn.pins[i]}`).sort();
    };
    expect(pairsOf({ from: from.toReversed(), pins: pins.toReversed() })).toEqual(pairsOf({ from, pins }));
  });
});
