import { tableToIPC, vectorFromArray, Table, Utf8, FixedSizeList, Field, Float32 } from 'apache-arrow';
import * as fc from 'fast-check';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { literal, rowsOf, withDatabase } from '../../src/data/database.js';
import { type BuildOptions, type BuildResult, buildGraph } from '../../src/graph/build.js';
import { edgeCount, type Graph, neighboursOf } from '../../src/graph/graph.js';
import { openGraph } from '../../src/graph/open.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function parquet(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  await withDatabase({}, (connection) => connection.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`));
  return path;
}

function build(options: Partial<BuildOptions> & { edges: string[] }): Promise<BuildResult> {
  return buildGraph({ out: join(folder, 'graph'), ...options });
}

async function built(options: Partial<BuildOptions> & { edges: string[] }): Promise<Graph> {
  await build(options);
  return openGraph(join(folder, 'graph'), { checksums: true });
}

async function rejects(path = join(folder, 'graph', 'rejects.parquet')): Promise<unknown[][]> {
  return withDatabase({}, async (connection) => {
    const rows = await rowsOf(
      connection,
      `SELECT "row"::INTEGER AS "row", field, reason FROM ${literal(path)} ORDER BY "row", reason`,
    );
    return rows.map(({ row, field, reason }) => [row, field, reason]);
  });
}

function pairs(graph: Graph): string[] {
  return graph.boards
    .ids()
    .flatMap((board, index) =>
      Array.from(neighboursOf(graph.topology.boards, index), (pin) => `${board} ${graph.pins.id(pin)}`),
    );
}

const plainEdges = 'board_id\tpin_id\nb1\tp1\nb1\t007\nb2\tp1\n';
const plainPairs = ['b1 007', 'b1 p1', 'b2 p1'];

describe('building from every format', () => {
  const rows = [
    { board_id: 'b1', pin_id: 'p1' },
    { board_id: 'b1', pin_id: '007' },
    { board_id: 'b2', pin_id: 'p1' },
  ];
  const json = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const arrow = tableToIPC(
    new Table({
      board_id: vectorFromArray(
        rows.map((row) => row.board_id),
        new Utf8(),
      ),
      pin_id: vectorFromArray(
        rows.map((row) => row.pin_id),
        new Utf8(),
      ),
    }),
    'file',
  );
  const cases: [string, () => string | Promise<string>][] = [
    ['TSV', () => file('e.tsv', plainEdges)],
    ['TSV with CRLF and a byte order mark', () => file('e.tsv', `\ufeff${plainEdges.replaceAll('\n', '\r\n')}`)],
    ['gzipped TSV', () => file('e.tsv.gz', gzipSync(plainEdges))],
    ['CSV', () => file('e.csv', plainEdges.replaceAll('\t', ','))],
    ['gzipped CSV', () => file('e.csv.gz', gzipSync(plainEdges.replaceAll('\t', ',')))],
    ['JSONL', () => file('e.jsonl', json)],
    ['gzipped JSONL', () => file('e.ndjson.gz', gzipSync(json))],
    ['Arrow', () => file('e.arrow', arrow)],
    [
      'Parquet',
      () => parquet('e.parquet', "SELECT * FROM (VALUES ('b1','p1'),('b1','007'),('b2','p1')) t(board_id, pin_id)"),
    ],
  ];
  for (const [name, make] of cases)
    test(`${name} gives the same graph`, async () => {
      expect(pairs(await built({ edges: [await make()] }))).toEqual(plainPairs);
    });

  test('several edge files are one graph', async () => {
    const edges = [file('a.tsv', plainEdges), file('b.csv', 'board_id,pin_id\nb3,p9\nb1,p1\n')];
    expect(pairs(await built({ edges }))).toEqual([...plainPairs, 'b3 p9']);
  });

  test('whole numbers as ids keep every digit', async () => {
    const edges = [await parquet('e.parquet', 'SELECT 9007199254740993 AS board_id, 1::TINYINT AS pin_id')];
    expect(pairs(await built({ edges }))).toEqual(['9007199254740993 1']);
  });
});

describe('ids', () => {
  test('survive a build whatever text they hold', async () => {
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => text.length > 0);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(id, id), { minLength: 1, maxLength: 8, selector: String }),
        async (edges) => {
          const lines = edges.map(([board_id, pin_id]) => `${JSON.stringify({ board_id, pin_id })}\n`).join('');
          const out = join(folder, `graph-${run++}`);
          await buildGraph({ edges: [file('e.jsonl', lines)], out });
          const graph = await openGraph(out);
          expect(new Set(graph.boards.ids())).toEqual(new Set(edges.map(([board]) => board)));
          expect(new Set(graph.pins.ids())).toEqual(new Set(edges.map(([, pin]) => pin)));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('keep spaces, leading zeros, quotes, slashes, emoji and 500 bytes in CSV', async () => {
    const odd = [' spaced ', '007', 'say "hi"', 'a/b?c%d', '🧶', 'x'.repeat(500), 'comma,', 'line\nbreak'];
    const lines = odd.map((id) => `"${id.replaceAll('"', '""')}",p\n`).join('');
    const graph = await built({ edges: [file('e.csv', `board_id,pin_id\n${lines}`)] });
    expect(new Set(graph.boards.ids())).toEqual(new Set(odd));
  });

  test('are ordered by their bytes, so the order of the rows and the threads change nothing', async () => {
    const [header, ...rows] = plainEdges.trim().split('\n');
    const one = await build({ edges: [file('a.tsv', plainEdges)], threads: 1 });
    const other = await build({
      edges: [file('b.tsv', `${[header, ...rows.toReversed()].join('\n')}\n`)],
      out: join(folder, 'other'),
      threads: 2,
    });
    expect(other.manifest.id).toBe(one.manifest.id);
  });
});

describe('repeated edges', () => {
  test('are folded: earliest time, largest weight, first section', async () => {
    const content =
      'board_id,pin_id,added_at,weight,section\nb,p,2024-05-01,1,later\nb,p,2020-01-01T00:00:00Z,3,\nb,p,,2,early\nb,q,,,\n';
    const result = await build({ edges: [file('e.csv', content)] });
    const graph = await openGraph(join(folder, 'graph'));
    expect(pairs(graph)).toEqual(['b p', 'b q']);
    expect([...graph.edges.addedAt!]).toEqual([Date.UTC(2020, 0, 1), Number.NaN]);
    expect([...graph.edges.weight!]).toEqual([3, Number.NaN]);
    expect(result.manifest.provenance.duplicates.edges).toBe(2);
  });

  test('are folded the same without columns beside the ids', async () => {
    const result = await build({ edges: [file('e.csv', 'board_id,pin_id\nb,p\nb,p\nb,q\na,p\na,p\na,p\n')] });
    const graph = await openGraph(join(folder, 'graph'));
    expect(pairs(graph)).toEqual(['a p', 'b p', 'b q']);
    expect([...neighboursOf(graph.topology.pins, graph.pins.indexOf('p'))]).toEqual([0, 1]);
    expect(result.manifest.provenance.duplicates.edges).toBe(3);
  });
});

describe('times', () => {
  test('are read as ISO 8601, as days without dashes and as epoch seconds, milliseconds or microseconds', async () => {
    const noon = Date.UTC(2024, 0, 31, 12);
    const written = [
      '2024-01-31T14:00:00+02:00',
      '2024-01-31 12:00:00',
      String(noon / 1000),
      String(noon),
      `${noon}000`,
    ];
    const lines = written.map((time, index) => `b,p${index},${time}\n`).join('');
    const graph = await built({ edges: [file('e.csv', `board_id,pin_id,added_at\n${lines}b,p9,20240131\n`)] });
    expect([...graph.edges.addedAt!]).toEqual([noon, noon, noon, noon, noon, Date.UTC(2024, 0, 31)]);
  });
});

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
    await expect(build({ edges })).rejects.toThrow(/1 of 2 rows were rejected \(1 × missing id in board_id\)/);
    expect(existsSync(join(folder, 'graph'))).toBe(false);
    expect(await rejects(join(folder, 'graph.rejects.parquet'))).toEqual([[3, 'board_id', 'missing id']]);
    await expect(build({ edges, maxRejects: '0' })).rejects.toThrow(/allows 0/);
    expect((await build({ edges, maxRejects: '1' })).rejected).toBe(1);
  });
});

describe('nodes', () => {
  test('stay in the catalogue without an edge, with their attributes', async () => {
    const graph = await built({
      edges: [file('e.tsv', plainEdges)],
      pins: file('p.csv', 'pin_id,title,language,created_at\nlonely,"A, title",en,2024-01-01\np1,,,\n'),
      boards: file('b.csv', 'board_id,title,owner\nempty,,org-1\nb1,First,\n'),
    });
    expect(graph.pins.ids()).toEqual(['007', 'lonely', 'p1']);
    expect(graph.pinAttributes.names).toEqual(['title', 'language', 'created_at']);
    expect(graph.pinAttributes.get('title', 1)).toBe('A, title');
    expect(graph.pinAttributes.get('created_at', 1)).toBe('2024-01-01T00:00:00.000Z');
    expect(graph.pinAttributes.get('title', 2)).toBeNull();
    expect(graph.boards.ids()).toEqual(['b1', 'b2', 'empty']);
    expect(graph.boardAttributes.get('owner', 2)).toBe('org-1');
  });

  test('take vectors from numbered columns, in the order of the numbers', async () => {
    const columns = Array.from({ length: 11 }, (_, part) => `look_${10 - part}`);
    const cells = columns.map((_, part) => 10 - part);
    const pins = file('p.csv', `pin_id,${columns.join(',')}\np1,${cells.join(',')}\np2,${','.repeat(10)}\n`);
    const [feature] = (await built({ edges: [file('e.tsv', plainEdges)], pins })).features;
    expect(feature).toMatchObject({ name: 'look', dimension: 11 });
    expect([...feature.values.subarray(11, 22)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(feature.values.filter((cell) => cell !== 0)).toHaveLength(10);
  });

  test('take vectors from list columns of Parquet and of Arrow', async () => {
    const edges = [file('e.tsv', plainEdges)];
    const pins = await parquet(
      'p.parquet',
      "SELECT 'p1' AS pin_id, [1.5, 2.5]::DOUBLE[] AS loose, [3, 4]::FLOAT[2] AS fixed",
    );
    const graph = await built({ edges, pins });
    const row = graph.pins.indexOf('p1') * 2;
    expect(graph.features.map(({ name, values }) => [name, [...values.subarray(row, row + 2)]])).toEqual([
      ['loose', [1.5, 2.5]],
      ['fixed', [3, 4]],
    ]);
    const table = new Table({
      pin_id: vectorFromArray(['p1'], new Utf8()),
      look: vectorFromArray([[5, 6]], new FixedSizeList(2, new Field('item', new Float32()))),
    });
    const again = await built({ edges, pins: file('p.arrow', tableToIPC(table, 'stream')), force: true });
    expect([...again.features[0].values.subarray(row, row + 2)]).toEqual([5, 6]);
  });

  test('whose file has columns without a meaning are read without them, and the columns are named', async () => {
    const pins = file('p.csv', 'pin_id,colour,part_1\np1,red,2\n');
    const result = await build({ edges: [file('e.tsv', plainEdges)], pins });
    expect(result.ignored[pins]).toEqual(['colour', 'part_1']);
  });
});

describe('wrong use says what to do', () => {
  test('a missing column names the file, the column, what there is and the flag', async () => {
    const edges = [file('e.csv', 'user,item\nb,p\n')];
    await expect(build({ edges })).rejects.toThrow(
      /e\.csv has no column "board_id"\. It has: user, item\. .*--edge-columns board_id=COLUMN/,
    );
    const graph = await built({ edges, columns: { edges: { board_id: 'user', pin_id: 'item' } } });
    expect(pairs(graph)).toEqual(['b p']);
  });

  const cases: [string, () => Promise<BuildResult>, RegExp][] = [
    ['a file that is not there', () => build({ edges: [join(folder, 'none.csv')] }), /none\.csv does not exist/],
    ['a file of no known format', () => build({ edges: [file('e.xlsx', 'x')] }), /does not say its format/],
    ['an empty file', () => build({ edges: [file('e.csv', '')] }), /is empty/],
    [
      'two columns of one name',
      () => build({ edges: [file('e.csv', 'board_id,pin_id,pin_id\n')] }),
      /two columns named "pin_id"/,
    ],
    [
      'mixed line ends',
      () => build({ edges: [file('e.csv', 'board_id,pin_id\r\na,1\r\nb,2\nc,3\r\n')] }),
      /mixes line ends/,
    ],
    ['a Parquet file that is none', () => build({ edges: [file('e.parquet', 'text')] }), /e\.parquet cannot be read/],
    ['a broken gzip', () => build({ edges: [file('e.csv.gz', 'text')] }), /e\.csv\.gz cannot be read/],
    ['a memory limit without a unit', () => build({ edges: [file('e.tsv', plainEdges)], memory: 'much' }), /no size/],
    ['a share above all', () => build({ edges: [file('e.tsv', plainEdges)], maxRejects: '101%' }), /--max-rejects/],
  ];
  for (const [name, run, message] of cases)
    test(name, async () => {
      await expect(run()).rejects.toThrow(message);
      expect(readdirSync(folder).filter((entry) => entry.startsWith('.') || entry === 'graph')).toEqual([]);
    });
});

describe('an edge file without rows', () => {
  test('gives a graph of the listed pins alone', async () => {
    const graph = await built({ edges: [file('e.csv', 'board_id,pin_id\n')], pins: file('p.csv', 'pin_id\na\nb\n') });
    expect([graph.pins.size, graph.boards.size, edgeCount(graph)]).toEqual([2, 0, 0]);
  });
});
