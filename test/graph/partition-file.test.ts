import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf, PartitionWriter, rangeOf, recordsOf } from '../../src/graph/partition-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-partitions-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('records come back from the partition of their key, in the order in which they were written', () => {
  fc.assert(
    fc.property(
      fc.record({ from: fc.nat(1000), keys: fc.integer({ min: 1, max: 300 }), words: fc.integer({ min: 2, max: 6 }) }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.nat(),
      ({ from, keys, words }, records, most, salt) => {
        const written = Array.from({ length: records }, (_, row) => [from + ((row * 31 + salt) % keys), row]);
        const writer = new PartitionWriter(join(folder, 'records'), { from, to: from + keys }, words, records, most);
        for (const [key, row] of written) {
          const at = writer.place(key);
          writer.buffer.set([key, ...Array.from({ length: words - 1 }, (_, word) => row * word)], at);
          writer.buffer[at + 1] = row;
        }
        const file = writer.finish();
        expect(file.records.reduce((sum, count) => sum + count, 0)).toBe(records);
        for (const partition of file.records.keys()) {
          const range = rangeOf(file, partition);
          const all = recordsOf(file, partition);
          const found = Array.from({ length: all.length / words }, (_, row) => [
            all[row * words],
            all[row * words + 1],
          ]);
          expect(found).toEqual(written.filter(([key]) => key >= range.from && key < range.to));
          expect([...blocksOf(file, partition)].reduce((sum, block) => sum + block.length, 0)).toBe(all.length);
        }
        expect(rangeOf(file, file.records.length - 1).to).toBe(from + keys);
      },
    ),
    { numRuns: 40 },
  );
});
