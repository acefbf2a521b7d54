import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildBench, pairs, plainEdges } from './build-bench.js';

const { path, file, parquet, build, built, rejects } = buildBench();

describe('broken rows', () => {
  const all = { maxRejects: '100%' };

  test('of a CSV edge file are named with row, field and reason', async () => {
    const broken = Buffer.concat([Buffer.from('b,'), Buffer.from([0xff, 0xfe]), Buffer.from(',,\n')]);
    const lines = [
      'board_id,pin_id,added_at,weight\n',
      'b,p1,2024-01-01,1\n',
      ',p2,,\n',
      'b,,,\n',
      'b,p3,2024-02-31,\n',
      'b,p4,infinity,\n',
      'b,p5,,heavy\n',
      'b,p6,,-1\n',
      'b,p7,,NaN\n',
      'b,p8\n',
      'b,p9,,,extra\n',
      broken,
      'b,"p"10,,\n',
      'b,p11,,2\n',
      'b,p12,soon,\n',
    ];
    const graph = await built({
      edges: [file('e.csv', Buffer.concat(lines.map((line) => Buffer.from(line))))],
      ...all,
    });
    expect(pairs(graph)).toEqual(['b p1', 'b p11']);
    expect(await rejects()).toEqual([
      [3, 'board_id', 'missing id'],
      [4, 'pin_id', 'missing id'],
      [5, 'added_at', 'unreadable time'],
      [6, 'added_at', 'unreadable time'],
      [7, 'weight', 'not a number'],
      [8, 'weight', 'negative weight'],
      [9, 'weight', 'not a number'],
      [10, null, 'too few columns'],
      [11, null, 'too many columns'],
      [12, null, 'not UTF-8'],
      [13, null, 'misplaced quote'],
      [15, 'added_at', 'unreadable time'],
    ]);
  });

  test('of a TSV file keep quotes as they are', async () => {
    const graph = await built({ edges: [file('e.tsv', 'board_id\tpin_id\n"b\tp"q\nb\n')], ...all });
    expect(pairs(graph)).toEqual(['"b p"q']);
    expect(await rejects()).toEqual([[3, null, 'too few columns']]);
  });

  test('of a JSONL file are named by line, blank lines passed over', async () => {
    const lines =
      '{"board_id":"b","pin_id":"p"}\n\n{"board_id":"b","pin\n[1]\n{"board_id":"b"}\n{"board_id":null,"pin_id":"p"}\n';
    const graph = await built({ edges: [file('e.jsonl', lines)], ...all });
    expect(pairs(graph)).toEqual(['b p']);
    expect(await rejects()).toEqual([
      [3, null, 'broken JSON'],
      [4, null, 'broken JSON'],
      [5, 'pin_id', 'missing id'],
      [6, 'board_id', 'missing id'],
    ]);
  });

  test('of a Parquet file are named by row', async () => {
    const edges = [
      await parquet(
        'e.parquet',
        "SELECT * FROM (VALUES ('b','p',1.0),(NULL,'p',1.0),('b','q',-2.0)) t(board_id,pin_id,weight)",
      ),
    ];
    await build({ edges, ...all });
    expect(await rejects()).toEqual([
      [2, 'board_id', 'missing id'],
      [3, 'weight', 'negative weight'],
    ]);
  });

  test('of a columnar file: times beyond what a Date can hold', async () => {
    for (const [index, time] of ["TIMESTAMP '290000-01-01'", "DATE '290000-01-01'", "DATE '1000000-01-01'"].entries()) {
      const select = `SELECT 'b' AS board_id, pin AS pin_id, CASE WHEN pin = 'p2' THEN ${time} END AS`;
      const rows = "FROM (VALUES ('p1'), ('p2'), ('p3')) t(pin)";
      const edges = [await parquet(`e${index}.parquet`, `${select} added_at ${rows}`)];
      const pins = await parquet(`p${index}.parquet`, `${select} created_at ${rows}`);
      expect(pairs(await built({ edges, pins, ...all, force: true }))).toEqual(['b p1', 'b p3']);
      expect(await rejects()).toEqual([
        [2, 'added_at', 'unreadable time'],
        [2, 'created_at', 'unreadable time'],
      ]);
    }
  });

  test('of a pin file: listed twice with contradicting values, unreadable times, bad vectors', async () => {
    const pins = [
      { pin_id: 'p1', title: 'One', look: [1, 2] },
      { pin_id: 'p1', title: 'One' },
      { pin_id: 'p1', title: 'Another' },
      { pin_id: 'p2', created_at: 'yesterday' },
      { pin_id: 'p3', look: [1, 2, 3] },
      { pin_id: 'p4', look: [1, null] },
      { pin_id: 'p5', look: 'no list' },
      { pin_id: 'p6', look: [3, 4] },
    ];
    const graph = await built({
      edges: [file('e.tsv', plainEdges)],
      pins: file('p.jsonl', pins.map((row) => `${JSON.stringify(row)}\n`).join('')),
      ...all,
    });
    expect(await rejects()).toEqual([
      [3, 'title', 'contradicts an earlier row'],
      [4, 'created_at', 'unreadable time'],
      [5, 'look', 'vector of another length'],
      [6, 'look', 'vector with a cell that is no number'],
      [7, 'look', 'not a vector'],
    ]);
    expect(graph.pins.ids()).toEqual(['007', 'p1', 'p6']);
    expect(graph.pinAttributes.get('title', 1)).toBe('One');
    expect([...graph.features[0].values]).toEqual([0, 0, 1, 2, 3, 4]);
  });

  test('beyond --max-rejects fail the build, leave no graph, and are listed beside it', async () => {
    const edges = [file('e.csv', 'board_id,pin_id\nb,p\n,q\n')];
    await expect(build({ edges })).rejects.toThrow(
      /1 of 2 rows were rejected \(1 × missing id in board_id\).*The first is row \d of .*missing id in board_id/,
    );
    expect(existsSync(path('graph'))).toBe(false);
    expect(await rejects('graph.rejects.parquet')).toEqual([[3, 'board_id', 'missing id']]);
    await expect(build({ edges, maxRejects: '0' })).rejects.toThrow(/allows 0/);
    expect((await build({ edges, maxRejects: '1' })).rejected).toBe(1);
  });
});
