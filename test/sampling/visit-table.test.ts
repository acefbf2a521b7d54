import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { rankVisits, TopVisits } from '../../src/sampling/top-visits.js';
import { VisitTable } from '../../src/sampling/visit-table.js';

const visits = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 300 });
// Pins far apart and pins that differ in their upper bits alone must not upset the hash.
const spread = fc.constantFrom(1, 2 ** 16, 2 ** 24);

function counted(pins: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const pin of pins) counts.set(pin, (counts.get(pin) ?? 0) + 1);
  return counts;
}

function ranking(counts: Map<number, number>): [number, number][] {
  return [...counts].toSorted(([pinA, a], [pinB, b]) => b - a || pinA - pinB);
}

it('counts like a map, however full, and is empty once cleared', () => {
  fc.assert(
    fc.property(visits, visits, spread, (first, second, factor) => {
      const table = new VisitTable(61);
      for (const pins of [first, second]) {
        const counts = new Map<number, number>();
        for (const pin of pins) {
          const count = (counts.get(pin * factor) ?? 0) + 1;
          counts.set(pin * factor, count);
          expect(table.add(pin * factor, 1)).toBe(count);
        }
        const held = Array.from(table.used.subarray(0, table.size), (slot) => [table.pins[slot], table.counts[slot]]);
        expect(held).toEqual([...counts]);
        table.clear();
        expect(table.size).toBe(0);
      }
    }),
  );
});

it('ranks like a sort, by both rankings and for every limit', () => {
  fc.assert(
    fc.property(visits, fc.integer({ min: 0, max: 70 }), spread, (pins, limit, factor) => {
      const table = new VisitTable(61);
      const spreadPins = pins.map((pin) => pin * factor);
      for (const pin of spreadPins) table.add(pin, 1);
      const expected = ranking(counted(spreadPins)).slice(0, limit);
      for (const ranked of [rankVisits(table, limit), new TopVisits(61).ranked(table, limit)])
        expect(Array.from(ranked.pins, (pin, i) => [pin, ranked.counts[i]])).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it('ranks more than a handful: long rankings go through the other sort', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2000), { minLength: 1000, maxLength: 3000 }),
      fc.integer({ min: 60, max: 900 }),
      (pins, limit) => {
        const table = new VisitTable(2001);
        for (const pin of pins) table.add(pin, 1);
        const { pins: ranked } = new TopVisits(2001).ranked(table, limit);
        expect([...ranked]).toEqual(
          ranking(counted(pins))
            .slice(0, limit)
            .map(([pin]) => pin),
        );
      },
    ),
    { numRuns: 20 },
  );
});

it('keeps whole counts and pins exact up to their limits', () => {
  const table = new VisitTable(4);
  const lastPin = 2 ** 31 - 1;
  table.add(lastPin, 2 ** 21 - 1);
  table.add(lastPin - 1, 2 ** 21 - 1);
  table.add(0, 2 ** 21 - 2);
  const ranked = new TopVisits(4).ranked(table, 4);
  expect([...ranked.pins]).toEqual([lastPin - 1, lastPin, 0]);
  expect([...ranked.counts]).toEqual([2 ** 21 - 1, 2 ** 21 - 1, 2 ** 21 - 2]);
});
