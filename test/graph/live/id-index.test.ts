import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IdIndex } from '../../../src/graph/live/id-index.js';

describe('the index of ids', () => {
  test('finds what a map would find, while ids come and go', () => {
    const id = fc.oneof(
      fc.string({ minLength: 1, maxLength: 3 }),
      fc.constantFrom('a', 'b', '\u{1f9f6}', 'x'.repeat(99)),
    );
    const change = fc.record({ add: fc.boolean(), id });
    fc.assert(
      fc.property(fc.uniqueArray(id), fc.array(change, { maxLength: 200 }), (first, changes) => {
        const ids = [...first];
        const expected = new Map(ids.map((each, handle) => [each, handle]));
        const index = new IdIndex(ids);
        for (const { add, id: each } of changes) {
          const handle = expected.get(each);
          expect(index.find(each)).toBe(handle ?? -1);
          if (add && handle === undefined) {
            expected.set(each, ids.push(each) - 1);
            index.add(ids.length - 1);
          } else if (!add && handle !== undefined) {
            index.remove(handle);
            ids[handle] = '';
            expected.delete(each);
          }
        }
        const all = [...first, ...changes.map((each) => each.id), 'never there'];
        expect([...index.findAll(all, 1, all.length)]).toEqual(all.slice(1).map((each) => expected.get(each) ?? -1));
        expect(index.size).toBe(expected.size);
      }),
    );
  });

  test('keeps thousands of like ids apart', () => {
    const ids = Array.from({ length: 50_000 }, (_, i) => `pin-${i}`);
    const index = new IdIndex(ids);
    expect([...index.findAll(ids, 0, ids.length)]).toEqual([...ids.keys()]);
  });
});
