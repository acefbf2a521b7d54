import {
  DateDay,
  Field,
  FixedSizeList,
  Float32,
  List,
  Table,
  tableToIPC,
  TimestampMillisecond,
  TimestampNanosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import * as fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type BuildResult, buildGraph } from '../../src/graph/build.js';
import { edgeCount, neighboursOf } from '../../src/graph/graph.js';
import type { Graph } from '../../src/graph/graph.js';
import { openGraph } from '../../src/graph/open.js';
import { silentProgress } from '../../src/progress.js';
import { buildBench, pairs, plainEdges } from './build-bench.js';

const { path, file, parquet, build, built } = buildBench();

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
    [
      'CSV gzipped in parts',
      () =>
        file('e.csv.gz', Buffer.concat(['board_id,pin_id\nb1,p1\n', 'b1,007\nb2,p1\n'].map((part) => gzipSync(part)))),
    ],
    ...[';', '|', '\t'].map((mark): [string, () => string] => [
      `CSV with ${JSON.stringify(mark)} between cells`,
      () => file('e.csv', `\ufeffboard_id${mark}pin_id\r\n"b1"${mark}p1\r\nb1${mark}"007"\r\nb2${mark}p1\r\n`),
    ]),
    ['text with commas, some in quotes', () => file('e.txt', 'board_id,"pin_id"\nb1,p1\n"b1",007\nb2,p1\n')],
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

  const nameless: [string, string, string][] = [
    ['a nameless first column, as pandas writes', 'e.csv', ',board_id,pin_id\n0,b1,p1\n1,b1,007\n2,b2,p1\n'],
    ['a nameless last column', 'e.csv', 'board_id,pin_id,\nb1,p1,\nb1,007,x\nb2,p1,\n'],
    ['several, quoted, CRLF and a mark', 'e.csv', '\ufeff"",board_id,,"pin_id"\r\n,b1,,p1\r\n,b1,,007\r\n,b2,,p1\r\n'],
    ['nameless columns of a TSV', 'e.tsv', '\tboard_id\tpin_id\t\n0\tb1\tp1\t\n1\tb1\t007\t\n2\tb2\tp1\t\n'],
  ];
  test.each(nameless)('%s: passed over', async (_, name, content) => {
    const edges = [file(name, content)];
    const result = await build({ edges });
    expect(result.ignored).toEqual({});
    expect(pairs(await openGraph(path('graph')))).toEqual(plainPairs);
  });

  test('several edge files are one graph', async () => {
    const edges = [file('a.tsv', plainEdges), file('b.csv', 'board_id,pin_id\nb3,p9\nb1,p1\n')];
    expect(pairs(await built({ edges }))).toEqual([...plainPairs, 'b3 p9']);
  });

  test('a file is read by its name, not by what its name would match as a pattern', async () => {
    file('e1.csv', 'board_id,pin_id\nanother,file\n');
    await parquet('e1.parquet', "SELECT 'another' AS board_id, 'file' AS pin_id");
    const select = "SELECT 'b' AS board_id, 'p2' AS pin_id";
    const edges = [
      file('e[1].csv', 'board_id,pin_id\nb,p0\n'),
      file('e*?.jsonl', '{"board_id":"b","pin_id":"p1"}\n'),
      await parquet('e[1].parquet', select),
    ];
    expect(pairs(await built({ edges }))).toEqual(['b p0', 'b p1', 'b p2']);
  });

  test('commas in the quoted names of columns that semicolons part', async () => {
    const quoted = file('e.csv', 'board_id;pin_id;"title, text"\nb;p;"t, t"\n');
    expect(pairs(await built({ edges: [quoted] }))).toEqual(['b p']);
  });

  test('whole numbers as ids keep every digit', async () => {
    const edges = [await parquet('e.parquet', 'SELECT 9007199254740993 AS board_id, 1::TINYINT AS pin_id')];
    expect(pairs(await built({ edges }))).toEqual(['9007199254740993 1']);
  });

  test('whole numbers in a column of fractions are the same ids as in one of whole numbers', async () => {
    const columns = 'board_id::BIGINT AS board_id, pin_id::DOUBLE AS pin_id';
    const values = '(VALUES (1, 7), (1, -0.0), (2, 1e17), (2, 1.5)) t(board_id, pin_id)';
    const edges = [await parquet('e.parquet', `SELECT ${columns} FROM ${values}`)];
    expect(pairs(await built({ edges }))).toEqual(['1 0', '1 7', '2 1.5', '2 100000000000000000']);
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
          const out = path(`graph-${run++}`);
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

  test('keep a byte order mark that they begin with, and stay apart from those without', async () => {
    const ids = ['q', '\ufeffq', '\ufeff\ufeffq', '\ufeff'];
    const arrow = new Table({
      board_id: vectorFromArray(['b', 'b', 'b', 'b'], new Utf8()),
      pin_id: vectorFromArray(ids, new Utf8()),
    });
    const values = ids.map((id) => `('b', '${id}')`).join(', ');
    const edges = [
      file('e.csv', `board_id,pin_id,section\n${ids.map((id) => `b,${id},${id}\n`).join('')}`),
      file('e.arrow', tableToIPC(arrow, 'file')),
      await parquet('e.parquet', `SELECT * FROM (VALUES ${values}) t(board_id, pin_id)`),
    ];
    for (const each of edges) {
      const pins = file('p.csv', `pin_id,title\n${ids.map((id) => `${id},${id}\n`).join('')}`);
      const graph = await built({ edges: [each], pins, force: true });
      expect(graph.pins.ids(), each).toEqual(ids.toSorted());
      expect(graph.pins.ids().map((_, pin) => graph.pinAttributes.get('title', pin))).toEqual(ids.toSorted());
      if (graph.edges.sections) expect(graph.edges.sections.names).toEqual(ids.toSorted());
    }
  });

  test('are ordered by their bytes, so the order of the rows and the threads change nothing', async () => {
    const [header, ...rows] = plainEdges.trim().split('\n');
    const one = await build({ edges: [file('a.tsv', plainEdges)], threads: 1 });
    const other = await build({
      edges: [file('b.tsv', `${[header, ...rows.toReversed()].join('\n')}\n`)],
      out: path('other'),
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
    const graph = await openGraph(path('graph'));
    expect(pairs(graph)).toEqual(['b p', 'b q']);
    expect([...graph.edges.addedAt!]).toEqual([Date.UTC(2020, 0, 1), Number.NaN]);
    expect([...graph.edges.weight!]).toEqual([3, Number.NaN]);
    expect(result.manifest.provenance.duplicates.edges).toBe(2);
  });

  test('are folded the same without columns beside the ids', async () => {
    const result = await build({ edges: [file('e.csv', 'board_id,pin_id\nb,p\nb,p\nb,q\na,p\na,p\na,p\n')] });
    const graph = await openGraph(path('graph'));
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

  test('of pins are read as years where they have four digits, as text and as numbers; those of edges count', async () => {
    const edges = [
      file('e.csv', `board_id,pin_id,added_at\n${[0, 1, 2, 3, 4].map((i) => `b,p${i},${1990 + 5 * i}\n`).join('')}`),
    ];
    const created = ({ pinAttributes }: Graph): (string | null)[] =>
      [0, 1, 2, 3, 4].map((pin) => pinAttributes.get('created_at', pin)?.slice(0, 10) ?? null);
    const expected = ['1000-01-01', '1995-01-01', '2024-01-01', '2999-01-01', '1970-01-01'];
    const years = ['1000', '1995', '2024.0', '2999', '999'].map((year, i) => `p${i},${year}\n`).join('');
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
    const graph = await built({ edges, pins: file('p.csv', `pin_id,created_at\n${years}`), progress });
    expect(notes).toContainEqual(expect.stringMatching(/^5 edges are dated 1970-01-01\. Years, counters/));
    expect(created(graph)).toEqual(expected);
    expect([...graph.edges.addedAt!]).toEqual([1990, 1995, 2000, 2005, 2010].map((count) => 1000 * count));
    for (const type of ['SMALLINT', 'BIGINT', 'DOUBLE']) {
      const rows = `VALUES (1000, 'p0'), (1995, 'p1'), (2024, 'p2'), (2999, 'p3'), (999, 'p4')`;
      const select = `SELECT pin_id, year::${type} AS created_at FROM (${rows}) t(year, pin_id)`;
      const typed = await built({ edges, pins: await parquet('p.parquet', select), force: true });
      expect(created(typed), type).toEqual(expected);
    }
  });

  test.each([new TimestampMillisecond(), new TimestampNanosecond(), new DateDay()])(
    'of Arrow are read by their type, before 1973 and before 1970 too: %s',
    async (type) => {
      const times = [Date.UTC(1972, 5, 1), Date.UTC(1969, 0, 1), Date.UTC(2024, 0, 31), Number.NaN];
      const table = new Table({
        board_id: vectorFromArray(['b', 'b', 'b', 'b'], new Utf8()),
        pin_id: vectorFromArray(['p0', 'p1', 'p2', 'p3'], new Utf8()),
        added_at: vectorFromArray([...times.slice(0, 3), null], type),
      });
      const graph = await built({ edges: [file('e.arrow', tableToIPC(table, 'file'))] });
      expect([...graph.edges.addedAt!]).toEqual(times);
    },
  );
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

  test('take no vectors from lists of words or from numbered columns of words, which are named', async () => {
    const edges = [file('e.tsv', plainEdges)];
    const rows = [
      { pin_id: 'p1', tags: ['a', '7'], look: [1, 2.5] },
      { pin_id: 'p2', tags: [] },
    ];
    const table = new Table({
      pin_id: vectorFromArray(['p1', 'p2'], new Utf8()),
      tags: vectorFromArray([['a', '7'], null], new List(new Field('item', new Utf8()))),
      look: vectorFromArray([[1, 2.5], null], new List(new Field('item', new Float32()))),
    });
    const numbered = 'pin_id,genre_0,genre_1,size_0,look_0,look_1\np1,War,Drama,S,1,2.5\np2,War,,40,,\n';
    const cases: [string, string | Uint8Array, string[]][] = [
      ['p.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''), ['tags']],
      ['p.arrow', tableToIPC(table, 'file'), ['tags']],
      ['p.csv', numbered, ['genre_0', 'genre_1', 'size_0']],
    ];
    for (const [name, content, ignored] of cases) {
      const pins = file(name, content);
      const result = await build({ edges, pins, force: true });
      expect(result.ignored, name).toEqual({ [pins]: ignored });
      const { features, pins: ids } = await openGraph(path('graph'));
      expect(
        features.map((feature) => feature.name),
        name,
      ).toEqual(['look']);
      const row = ids.indexOf('p1') * 2;
      expect([...features[0].values.subarray(row, row + 2)], name).toEqual([1, 2.5]);
    }
  });

  test('keep what only the last of many JSON lines have', async () => {
    const lines = Array.from({ length: 20_001 }, (_, i) => `{"pin_id":"p${i}"}\n`);
    const last = '{"pin_id":"last","title":"Late","look":[1,2],"":0,"*":[1],"\\\\":[1]}\n';
    const pins = file('p.jsonl', lines.join('') + last);
    const graph = await built({ edges: [file('e.tsv', plainEdges)], pins });
    expect(graph.pinAttributes.get('title', graph.pins.indexOf('last'))).toBe('Late');
    expect(graph.features.map(({ name, dimension }) => [name, dimension])).toEqual([['look', 2]]);
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

  test('columns that nothing parts, or more than one mark, are told to be parted', async () => {
    await expect(build({ edges: [file('e.csv', 'board_id pin_id\nb p\n')] })).rejects.toThrow(
      /It has: board_id pin_id\. .* part them by commas, semicolons, tabs or bars\.$/,
    );
    await expect(build({ edges: [file('e.csv', 'board_id;pin_id|weight\nb;p|1\n')] })).rejects.toThrow(
      /e\.csv names its columns with ; and \| between them/,
    );
  });

  const packed = gzipSync('board_id,pin_id\nb,p\n');
  const damaged = /e\.(csv|jsonl)\.gz cannot be read: it is cut short, damaged .* Fetch or pack it again/;
  const cases: [string, () => Promise<BuildResult>, RegExp][] = [
    ['a file that is not there', () => build({ edges: [path('none.csv')] }), /none\.csv does not exist/],
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
    ['a gzip cut short', () => build({ edges: [file('e.csv.gz', packed.subarray(0, -9))] }), damaged],
    ['a gzip of JSONL cut short', () => build({ edges: [file('e.jsonl.gz', packed.subarray(0, 20))] }), damaged],
    [
      'a gzip with a wrong sum',
      () => build({ edges: [file('e.csv.gz', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]))] }),
      damaged,
    ],
    ['a memory limit without a unit', () => build({ edges: [file('e.tsv', plainEdges)], memory: 'much' }), /no size/],
    ['a share above all', () => build({ edges: [file('e.tsv', plainEdges)], maxRejects: '101%' }), /--max-rejects/],
  ];
  for (const [name, run, message] of cases)
    test(name, async () => {
      await expect(run()).rejects.toThrow(message);
      expect(readdirSync(path('.')).filter((entry) => entry.startsWith('.') || entry === 'graph')).toEqual([]);
    });
});

describe('an edge file without rows', () => {
  test('gives a graph of the listed pins alone', async () => {
    const graph = await built({ edges: [file('e.csv', 'board_id,pin_id\n')], pins: file('p.csv', 'pin_id\na\nb\n') });
    expect([graph.pins.size, graph.boards.size, edgeCount(graph)]).toEqual([2, 0, 0]);
  });
});
