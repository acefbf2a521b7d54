import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topologyFromEdges } from '../../../src/graph/adjacency.js';
import { liveMemory } from '../../../src/graph/live/live-memory.js';
import { insertion, LiveRows } from '../../../src/graph/live/live-rows.js';
import { classFor, classWithin, runCells } from '../../../src/graph/live/row-room.js';

const nodes = 6;

function emptyRows(edges: number) {
  const none = { boards: new Uint32Array(0), pins: new Uint32Array(0) };
  const { pins } = liveMemory(topologyFromEdges(none, nodes, nodes), { edges, pins: 0, boards: 0 });
  return { memory: pins, rows: new LiveRows(pins, nodes) };
}

describe('rows that are changed while they are walked', () => {
  test('hold what sets would hold, ascending, and never share a cell', () => {
    const change = fc.record({
      kind: fc.constantFrom('insert', 'insert', 'insert', 'remove', 'clear'),
      row: fc.nat(nodes - 1),
      neighbour: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
        const { memory, rows } = emptyRows(3_000);
        const expected = Array.from({ length: nodes }, () => new Set<number>());
        changes.forEach(({ kind, row, neighbour }, step) => {
          // Each change comes two seconds after the last, so that what rows leave is used again.
          const now = 2_000 * step;
          if (kind === 'insert') {
            const known = expected[row].has(neighbour);
            expect(rows.insert(row, neighbour, now)).toBe(known ? insertion.known : insertion.added);
            expected[row].add(neighbour);
          } else if (kind === 'remove') expect(rows.remove(row, neighbour)).toBe(expected[row].delete(neighbour));
          else {
            rows.clear(row, now);
            expected[row].clear();
          }
        });
        expect(Array.from(expected, (_, row) => [...rows.row(row)])).toEqual(
          expected.map((row) => [...row].sort((a, b) => a - b)),
        );
        expect(rows.edges).toBe(expected.reduce((sum, row) => sum + row.size, 0));
        const starts = expected.map((_, row) => [memory.rows[2 * row], memory.rows[2 * row + 1]]);
        for (const [start, length] of starts) expect(start + length).toBeLessThanOrEqual(memory.neighbours.length);
      }),
    );
  });

  test('say so when no room is left, and lose nothing', () => {
    const { rows } = emptyRows(20);
    const results = Array.from({ length: 30 }, (_, neighbour) => rows.insert(neighbour % 2, neighbour, 0));
    const added = results.filter((result) => result === insertion.added).length;
    expect(results).toContain(insertion.full);
    expect(rows.edges).toBe(added);
    expect(rows.row(0).length + rows.row(1).length).toBe(added);
  });

  test('leave no trace of a removed node in their cells', () => {
    const { memory, rows } = emptyRows(100);
    for (let neighbour = 40; neighbour < 50; neighbour++) rows.insert(3, neighbour, 0);
    rows.remove(3, 45);
    expect(memory.neighbours.filter((cell) => cell === 49)).toHaveLength(1);
    rows.clear(3, 0);
    const start = memory.rows[6];
    expect(memory.neighbours.subarray(start, start + 12).every((cell) => cell === 0)).toBe(true);
  });
});

describe('the sizes of runs', () => {
  test('are the next that holds a row, a quarter larger at most', () => {
    for (let cells = 1; cells < 5_000; cells++) {
      const run = runCells(classFor(cells));
      expect(run).toBeGreaterThanOrEqual(cells);
      expect(run).toBeLessThanOrEqual(Math.max(4, cells * 1.25));
      if (cells >= 4) expect(runCells(classWithin(cells))).toBeLessThanOrEqual(cells);
      expect(classWithin(run)).toBe(classFor(cells));
    }
  });
});
