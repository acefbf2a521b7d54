import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { fitSource, openSource } from '../../src/candidates/fitted-source.js';
import { writeLists } from '../../src/evaluation/lists.js';
import { methodOf } from '../../src/evaluation/method.js';
import { readTestPairs } from '../../src/evaluation/test-pairs.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { smallGraph } from '../candidates/small-graph.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-evaluation-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a test file', () => {
  const expected = { column: 'board_id', from: ['007', 'b,1'], pins: ['é/1', '42'] };

  it('is read in every text format, ids as they are written, repeated pairs once', async () => {
    const csv = 'board_id,note,pin_id\n007,x,é/1\n"b,1",y,42\n007,z,é/1\n';
    const tsv = 'board_id\tpin_id\n007\té/1\nb,1\t42\n';
    const jsonl = '{"board_id":"007","pin_id":"é/1"}\n{"board_id":"b,1","pin_id":"42"}\n';
    for (const path of [
      file('test.csv', csv),
      file('semicolons.csv', csv.replaceAll(/,(?!1)/g, ';')),
      file('test.tsv', tsv),
      file('test.tsv.gz', gzipSync(tsv)),
      file('test.jsonl', jsonl),
    ])
      expect(await readTestPairs(path, ['board_id']), path).toEqual(expected);
  });

  it.each([
    ['mac.csv', 'board_id,pin_id\ra,1\rb,2\r', 'CR alone'],
    ['wide.csv', Buffer.from('\ufeffboard_id,pin_id\na,1\n', 'utf16le'), 'UTF-16'],
  ])('is refused in another encoding, with its name: %s', async (name, content, said) => {
    await expect(readTestPairs(file(name, content), ['board_id'])).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringMatching(new RegExp(`^.{0,200}${said}.{0,60}$`)),
    });
  });

  it('is refused without the columns that the task needs', async () => {
    const path = file('wrong.csv', 'user_id,pin_id\na,b\n');
    await expect(readTestPairs(path, ['query_pin_id', 'board_id'])).rejects.toThrow(
      'expected query_pin_id or board_id, and pin_id. Rename them',
    );
  });

  it('of boards is not to be renamed to one of people', async () => {
    const path = file('boards.csv', 'board_id,pin_id\na,b\n');
    await expect(readTestPairs(path, ['user_id'])).rejects.toThrow(
      /expected user_id, .*owner.* or choose --task board\.$/,
    );
  });

  it.each([
    ['quote.csv', 'board_id,pin_id\na,1\n"b,2\nc,3\n', 3, 'misplaced quote'],
    ['ragged.csv', 'board_id,pin_id\na\nb,2\n', 2, 'too few columns'],
    ['without.csv', 'board_id,pin_id\na,1\nb,\n,3\n', 3, 'missing id in pin_id'],
    ['without.jsonl', '{"board_id":"a","pin_id":"1"}\n{"pin_id":"2"}\n', 2, 'missing id in board_id'],
    ['torn.jsonl', '{"board_id":"a","pin_id":"1"}\n{"board_id":"b","pi', 2, 'broken JSON'],
    ['latin.tsv', Buffer.from('board_id\tpin_id\na\t1\nb\t\xe9\n', 'latin1'), 3, 'not UTF-8'],
  ])('is not judged in part: %s', async (name, content, row, reason) => {
    await expect(readTestPairs(file(name, content), ['board_id'])).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringMatching(
        new RegExp(`(a line|lines) that cannot be read, the first in row ${row}: ${reason}`),
      ),
    });
  });

  it('is missed where it is not', async () => {
    await expect(readTestPairs(join(folder, 'none.csv'), ['board_id'])).rejects.toThrow('none.csv');
  });
});

const graph = smallGraph();
const method = methodOf(openSource(await fitSource(graph, 'rp3beta'), { topology: graph.topology }));

describe('batch lists', () => {
  it('hold board, rank, pin and score, without the pins that a board has', async () => {
    const path = join(folder, 'lists.csv');
    const written = await writeLists(path, graph, method, ['board 1', 'nowhere'], { limit: 7 });
    expect(written).toEqual({ boards: 2, fallbacks: 1 });
    const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
    expect(header).toBe('board_id,rank,pin_id,score');
    expect(rows).toHaveLength(14);
    const known = [...neighboursOf(graph.topology.boards, 1)].map((pin) => graph.pins.id(pin));
    rows.slice(0, 7).forEach((row, i) => {
      const [board, rank, pin] = row.split(',');
      expect([board, rank]).toEqual(['board 1', String(i + 1)]);
      expect(known).not.toContain(pin);
    });
  });

  it('say the same in every format', async () => {
    const lists = await Promise.all(
      ['lists.tsv', 'lists.jsonl', 'lists.parquet'].map(async (name) => {
        const path = join(folder, name);
        await writeLists(path, graph, method, ['board 0', 'board 3'], { limit: 5 });
        return readTestPairs(path, ['board_id']);
      }),
    );
    expect(lists[0].from).toHaveLength(10);
    expect(lists[1]).toEqual(lists[0]);
    expect(lists[2]).toEqual(lists[0]);
  });

  it('are refused in a format that is not written', async () => {
    await expect(writeLists(join(folder, 'lists.arrow'), graph, method, ['board 0'])).rejects.toThrow('lists.arrow');
  });
});
