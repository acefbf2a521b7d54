import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { rankRoots } from '../../src/sampling/rank-roots.js';
import { VisitTable } from '../../src/sampling/visit-table.js';

const visits = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 300 });
// Pins far apart and pins that differ in their upper bits alone must not upset the hash.
const spread = fc.constantFrom(1, 2 ** 16, 2 ** 24);

/** Counts in the order of the first visit. */
function counted(pins: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const pin of pins) counts.set(pin, (counts.get(pin) ?? 0) + 1);
  return counts;
}

/** toSorted is stable, so ties stay in the order of the first visit. */
function ranking(counts: Map<number, number>): [number, number][] {
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

function drained(table: VisitTable, skip: number, limit: number): [number, number][] {
  const pins = new Uint32Array(limit);
  const counts = new Float32Array(limit);
  const kept = table.drain(skip, limit, pins, counts, 0);
  return Array.from(pins.subarray(0, kept), (pin, i) => [pin, counts[i]]);
}

it('counts like a map, however full, and is empty once cleared', () => {
  fc.assert(
    fc.property(visits, visits, spread, (first, second, factor) => {
      const table = new VisitTable(61, 300);
      for (const pins of [first, second]) {
        const counts = new Map<number, number>();
        for (const pin of pins) {
          const count = (counts.get(pin * factor) ?? 0) + 1;
          counts.set(pin * factor, count);
          expect(table.add(pin * factor, 1)).toBe(count);
        }
        const held = Array.from(table.used.subarray(0, table.size), (slot) => [
          table.slots[2 * slot],
          table.slots[2 * slot + 1],
        ]);
        expect(held).toEqual([...counts]);
        table.clear();
        expect(table.size).toBe(0);
      }
    }),
  );
});

it('ranks like a stable sort, for every limit and without the pin to skip, and is empty then', () => {
  fc.assert(
    fc.property(visits, fc.integer({ min: 0, max: 70 }), spread, (pins, limit, factor) => {
      const table = new VisitTable(61, 300);
      for (const skip of [-1, 7 * factor]) {
        for (const pin of pins) table.add(pin * factor, 1);
        const expected = ranking(counted(pins.map((pin) => pin * factor))).filter(([pin]) => pin !== skip);
        expect(drained(table, skip, limit)).toEqual(expected.slice(0, limit));
        expect(table.size).toBe(0);
      }
    }),
    { numRuns: 500 },
  );
});

it('keeps counts and pins exact up to their limits', () => {
  const table = new VisitTable(4, 2 ** 21);
  const lastPin = 2 ** 31 - 1;
  table.add(lastPin, 2 ** 21 - 1);
  table.add(lastPin - 1, 2 ** 21 - 1);
  table.add(0, 2 ** 21);
  expect(drained(table, -1, 4)).toEqual([
    [0, 2 ** 21],
    [lastPin, 2 ** 21 - 1],
    [lastPin - 1, 2 ** 21 - 1],
  ]);
});

it('ranks sums of roots like a stable sort', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(30), (sums, limit) => {
      const expected = [...sums.keys()].toSorted((a, b) => sums[b] - sums[a]).slice(0, limit);
      expect([...rankRoots(Uint32Array.from(sums), limit)]).toEqual(expected);
    }),
  );
});
