import * as fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildBench } from './build-bench.js';

const { path, file, parquet, build } = buildBench();

/** Edges of a skewed little graph with every column, repeats and gaps. */
function edgeRows(rows: number, boards: number, seed: number): string {
  return `SELECT 'b' || (pow(hash(r * 8 + 1, ${seed}) % 10000 / 1e4, 3) * ${boards})::INT AS board_id,
    'p' || (pow(hash(r * 8 + 2, ${seed}) % 10000 / 1e4, 2) * ${boards * 3})::INT AS pin_id,
    CASE WHEN r % 3 > 0 THEN make_timestamp_ms(1600000000000 + (hash(r * 8 + 3, ${seed}) % 100000)::BIGINT) END AS added_at,
    CASE WHEN r % 5 > 0 THEN hash(r * 8 + 4, ${seed}) % 100 / 8 END AS weight,
    CASE WHEN r % 2 > 0 THEN 'part ' || hash(r * 8 + 5, ${seed}) % 7 END AS section FROM range(${rows}) t(r)`;
}

describe('a graph that is folded on the disk', () => {
  test('is the one that is folded in memory, whatever its columns, partitions, memory and threads', async () => {
    const columns = fc.subarray(['added_at', 'weight', 'section']);
    await fc.assert(
      fc.asyncProperty(
        columns,
        fc.integer({ min: 2, max: 3000 }),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(100),
        fc.integer({ min: 1, max: 900 }),
        async (kept, rows, boards, seed, edgesInMemory) => {
          const names = ['board_id', 'pin_id', ...kept].join(', ');
          const edges = [await parquet('e.parquet', `SELECT ${names} FROM (${edgeRows(rows, boards, seed)})`)];
          const plain = await build({ edges, force: true });
          const given = { edges, memory: '600MB', threads: 1, edgesInMemory: Math.min(edgesInMemory, rows - 1) };
          const onDisk = await build({ ...given, out: path('disk'), force: true });
          expect(onDisk.manifest.files).toEqual(plain.manifest.files);
          expect(onDisk.manifest.id).toBe(plain.manifest.id);
          expect(onDisk.manifest.provenance.duplicates).toEqual(plain.manifest.provenance.duplicates);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('leaves nothing but the graph behind', async () => {
    const edges = [await parquet('e.parquet', edgeRows(500, 40, 1))];
    await build({ edges, edgesInMemory: 50 });
    expect(readdirSync(path('.')).sort()).toEqual(['e.parquet', 'graph']);
    expect(readdirSync(path('graph')).sort()).toEqual([
      'boards.adjacency.arrow',
      'boards.attributes.arrow',
      'boards.edges.arrow',
      'manifest.json',
      'pins.adjacency.arrow',
      'pins.attributes.arrow',
      'pins.edges.arrow',
    ]);
  });
});

describe('columns of a Parquet file', () => {
  test('read as the same text would: times of every type, whole numbers, weights', async () => {
    const typed = `SELECT 'b' AS board_id, 'p' || r AS pin_id, CASE r % 2 WHEN 0 THEN TIMESTAMP '2024-01-31 12:00:00.5' END AS stamp,
      CASE r % 2 WHEN 0 THEN TIMESTAMPTZ '2024-01-31 14:00:00+02' END AS zoned, DATE '2024-01-31' AS day, TIMESTAMP_NS '2024-01-31 12:00:00.25' AS fine,
      [1706702400, 1706702400000, 1706702400000000, 20240131, -5, 99999999999][r + 1]::BIGINT AS number,
      [1, 0, 2.5, 1e-3, 7, 1e30][r + 1]::DOUBLE AS double FROM range(6) t(r)`;
    const source = await parquet('t.parquet', typed);
    for (const [added_at, weight] of [
      ['stamp', 'double'],
      ['zoned', 'number'],
      ['day', 'double'],
      ['fine', 'double'],
      ['number', 'double'],
    ]) {
      const asText = await parquet(
        'v.parquet',
        `SELECT board_id, pin_id, ${added_at}::VARCHAR AS ${added_at}, ${weight}::VARCHAR AS ${weight} FROM '${source}'`,
      );
      const options = { columns: { edges: { added_at, weight } }, maxRejects: '100%', force: true };
      const one = await build({ ...options, edges: [source] });
      const other = await build({ ...options, edges: [asText], out: path('text') });
      expect([added_at, one.manifest.id, one.rejected]).toEqual([added_at, other.manifest.id, other.rejected]);
    }
  });

  test('that hold an endless time are rejected where they do', async () => {
    const edges = [
      await parquet(
        'e.parquet',
        "SELECT * FROM (VALUES ('b', 'p', 'infinity'::TIMESTAMP), ('b', 'q', now()::TIMESTAMP)) t(board_id, pin_id, added_at)",
      ),
    ];
    expect((await build({ edges, maxRejects: '100%' })).manifest.provenance.rejects).toEqual({
      'unreadable time in added_at': 1,
    });
  });
});

test('too little memory is refused before anything is read', async () => {
  const edges = [file('e.csv', 'board_id,pin_id\nb,p\n')];
  await expect(build({ edges, memory: '100MB' })).rejects.toThrow(/--memory 100MB is too little\. Give at least 600MB/);
});
