import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function boardwalk(...words: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-commands-'));
  writeFileSync(join(folder, 'edges.csv'), 'user,item\nb1,p1\nb1,p2\nb2,p1\n,p3\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function build(out: string, ...flags: string[]): Promise<Outcome> {
  const files = ['--edges', join(folder, 'edges.csv'), '--out', join(folder, out)];
  return boardwalk('build', ...files, '--edge-columns', 'board_id=user,pin_id=item', ...flags);
}

describe('the graph commands', () => {
  test('build and inspect print one JSON object, and people get text', async () => {
    const made = await build('graph', '--max-rejects', '1', '--json');
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ pins: 2, boards: 2, edges: 3, rows: 4, rejected: 1 });
    expect(made.stderr).toContain('missing id in board_id');
    const [text, json] = await Promise.all([
      boardwalk('inspect', join(folder, 'graph')),
      boardwalk('inspect', join(folder, 'graph'), '--checksums', '--json'),
    ]);
    expect(text.stdout).toContain('2 pins, 2 boards, 3 edges');
    expect(JSON.parse(json.stdout)).toMatchObject({ counts: { pins: 2, boards: 2, edges: 3 } });
  });

  test('add and compact change a graph that is there, and refuse files that are mostly wrong', async () => {
    await build('graph', '--max-rejects', '1');
    const graph = join(folder, 'graph');
    const file = (name: string, ...lines: string[]): string => {
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
      return join(folder, name);
    };
    const saves = file('saves.csv', 'board_id,pin_id,added_at', 'b2,p9,2024-01-31', 'b3,p1,', 'b1,p1,2024-01-01');
    const pins = file('pins.jsonl', '{"pin_id":"p9","title":"Nine","created_at":"2024-01-30"}', '{"pin_id":"p7"}');
    const added = await boardwalk('add', '--graph', graph, '--edges', saves, '--pins', pins, '--json');
    expect(JSON.parse(added.stdout)).toMatchObject({
      edges: 5,
      changed: { edges: 2, pins: 2, boards: 0 },
      rejected: 0,
    });
    const gone = file('gone.csv', 'pin_id', 'p2');
    const removed = await boardwalk('add', '--graph', graph, '--pins', gone, '--remove', '--compact', '--json');
    expect(JSON.parse(removed.stdout)).toMatchObject({ edges: 4, changed: { pins: 1 } });
    const inspected = await boardwalk('inspect', graph, '--checksums', '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({ counts: { pins: 3, boards: 3, edges: 4 } });
    const compacted = await boardwalk('compact', graph, '--json');
    expect(JSON.parse(compacted.stdout)).toMatchObject({ pins: 3, edges: 4 });
    const wrong = await boardwalk(
      'add',
      '--graph',
      graph,
      '--edges',
      file('wrong.csv', 'board_id,pin_id', ',p1', 'b1,'),
    );
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('nothing was changed')]);
    expect((await boardwalk('add', '--graph', graph)).code).toBe(2);
  });

  test('end with 1 on bad data and with 2 on wrong use', async () => {
    const outcomes = await Promise.all([
      build('one'),
      boardwalk('inspect', folder),
      boardwalk('inspect'),
      boardwalk('inspect', '--estimate'),
      boardwalk('inspect', '--estimate', '--edges', '1000'),
      build('two', '--max-rejects', 'some'),
      build('three', '--threads', '0'),
      boardwalk('build', '--out', join(folder, 'four')),
      boardwalk('import', 'npm', '--packages', 'many', '--out', join(folder, 'five')),
      boardwalk('import', 'nothing', '--out', join(folder, 'six')),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(outcomes.map(({ stdout }) => stdout).join('')).toBe('');
  });

  test('refuse flags of an estimate where none is asked for', async () => {
    await build('graph', '--max-rejects', '1');
    for (const flags of [
      ['--edges', 'nope.csv'],
      ['--memory', 'banana'],
      ['--threads', '2'],
    ]) {
      const { code, stdout, stderr } = await boardwalk('inspect', join(folder, 'graph'), ...flags);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(`${flags[0]} says what to estimate`)]);
    }
  });

  test.each([
    ['recommend', '--graph graph --model model --pin p1', '--strength .5', '--prefer'],
    ['neighbourhood', 'graph --pin p1 --by visits', '--hops 3', '--by breadth'],
    ['neighbourhood', 'graph --pin p1', '--steps 9', '--by visits'],
    ['neighbourhood', 'graph --pin p1', '--seed 9', '--by visits'],
    ['recommend', '--graph graph --model model --pin p1', '--method ials', '--boards'],
    ['build', '--edges edges.csv --out out', '--pin-columns pin_id=item', '--pins'],
    ['build', '--edges edges.csv --out out', '--board-columns board_id=user', '--boards'],
    ['add', '--graph graph --pins pins.csv', '--edge-columns pin_id=item', '--edges'],
    ['split', 'graph --out out --by cold', '--minimum-pins 3', '--by board'],
    ['evaluate', '--graph graph --test test.csv', '--pairs-per-board 3', '--task related'],
  ])('refuse, in %s %s, %s, which would be passed over', async (name, words, flag, other) => {
    const { code, stderr } = await boardwalk(name, ...words.split(' '), ...flag.split(' '));
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${flag.split(' ')[0]} goes with ${other}: `)]);
  });

  test('refuse boards for a report that is left out', async () => {
    const flags = ['--no-prune-report', '--prune-boards', '9'];
    for (const words of [
      ['prune', 'graph'],
      ['build', '--edges', 'edges.csv', '--prune'],
    ]) {
      const { code, stderr } = await boardwalk(...words, '--out', join(folder, 'out'), ...flags);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('--prune-boards does not go with --no-prune-report.'),
      ]);
    }
  });

  test('take a number below 0 for no file', async () => {
    const { code, stderr } = await boardwalk('inspect', '--estimate', '--edges', '-5', '--pins', '1', '--boards', '1');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--edges must be a whole number of at least 1')]);
  });

  test('name the variables that hold for all of them', async () => {
    const { stdout } = await boardwalk('--help');
    expect(stdout).toMatch(/BOARDWALK_MEMORY .*\n.*BOARDWALK_KERNEL/);
  });

  test('refuse a seed that would name the streams of another', async () => {
    const graph = join(folder, 'graph');
    const seed = ['--seed', String(2 ** 32 + 1)];
    const out = ['--out', join(folder, 'out')];
    const outcomes = await Promise.all([
      boardwalk('topics', graph, ...out, ...seed),
      boardwalk('neighbourhood', graph, '--pin', 'p1', '--by', 'visits', ...seed),
      boardwalk('split', graph, ...out, ...seed),
      boardwalk('evaluate', '--graph', graph, '--test', 'test.csv', '--task', 'board', ...seed),
      boardwalk('train', '--graph', graph, ...out, ...seed),
    ]);
    for (const { code, stderr } of outcomes)
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('--seed must be a whole number from 0 to 4294967295'),
      ]);
  });

  test('write topics that a build takes, and a neighbourhood that graphology takes', async () => {
    const pairs = Array.from({ length: 120 }, (_, i) => `b${i % 24},${i % 2 ? 'odd' : 'even'} ${i % 10}\n`);
    writeFileSync(join(folder, 'edges.csv'), `user,item\n${pairs.join('')}`);
    const graph = join(folder, 'graph');
    await build('graph');
    const topics = join(folder, 'topics.parquet');
    const found = JSON.parse((await boardwalk('topics', graph, '--out', topics, '--json')).stdout);
    expect(found).toMatchObject({ out: topics, without: { pins: 0, boards: 0 } });
    expect(found.topics.map(({ boards }: { boards: number }) => boards)).toEqual([12, 12]);
    const ordered = await build('ordered', '--topics', topics, '--order', 'topic', '--json');
    expect(JSON.parse(ordered.stdout)).toMatchObject({ pins: 10, boards: 24, edges: 120 });
    const drawn = await boardwalk('neighbourhood', join(folder, 'ordered'), '--pin', 'odd 1', '--hops', '1');
    const { nodes } = JSON.parse(drawn.stdout);
    expect(nodes[0]).toMatchObject({ key: 'pin:odd 1', attributes: { degree: 12, distance: 0 } });
    expect(nodes).toHaveLength(13);
    const wrong = await Promise.all([
      boardwalk('neighbourhood', graph),
      boardwalk('topics', graph, '--resolution', 'high'),
      build('three', '--order', 'title'),
      boardwalk('neighbourhood', graph, '--board', 'nowhere'),
    ]);
    expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2, 1]);
  });

  test('prune a graph that is there and one that is being built, and report it', async () => {
    const pairs = Array.from({ length: 300 }, (_, i) => `b${i % 30},p${(3 * Math.floor(i / 30) + i) % 40}\n`);
    writeFileSync(join(folder, 'edges.csv'), `user,item\n${pairs.join('')}`);
    const flags = ['--prune-entropy', '0', '--prune-delta', '0.5'];
    const [whole, pruned, wrong, idle] = await Promise.all([
      build('whole', '--json'),
      build('pruned', '--prune', '--json', ...flags, '--prune-boards', '10'),
      build('wrong', '--prune', '--prune-delta', 'half'),
      build('idle', ...flags),
    ]);
    expect([whole, pruned, wrong, idle].map(({ code }) => code)).toEqual([0, 0, 2, 2]);
    const { pruning, edges, id } = JSON.parse(pruned.stdout);
    expect(pruning.edges).toEqual({ before: JSON.parse(whole.stdout).edges, after: edges });
    expect(pruning.cost.boards).toBe(10);
    const again = ['--out', join(folder, 'again'), ...flags];
    const later = await boardwalk('prune', join(folder, 'whole'), '--no-prune-report', '--json', ...again);
    expect(JSON.parse(later.stdout)).toMatchObject({ id, edges });
    const text = await boardwalk('prune', join(folder, 'whole'), '--prune-boards', '5', '--force', ...again);
    expect(text.stdout).toContain(`${edges} of ${pruning.edges.before} edges stay`);
    expect(text.stdout).toContain('recall@20');
  });

  test('split a graph by board, time and cold pins into what evaluate reads and tells of in a page', async () => {
    const pairs = Array.from({ length: 300 }, (_, i) => `b${i % 30},p${(3 * Math.floor(i / 30) + i) % 40}`);
    const edges = pairs.map((pair, i) => `${pair},2024-01-${10 + (i % 20)}\n`);
    writeFileSync(join(folder, 'edges.csv'), `user,item,added_at\n${edges.join('')}`);
    await build('graph');
    const graph = join(folder, 'graph');
    for (const by of ['board', 'time', 'cold']) {
      const flags = ['--by', by, '--share', '0.2', '--out', join(folder, by)];
      const split = JSON.parse((await boardwalk('split', graph, ...flags, '--json')).stdout);
      expect(split.trainEdges + split.testEdges, by).toBe(300);
      expect(split.since, by).toBe(by === 'time' ? '2024-01-26T00:00:00.000Z' : undefined);
      const asked = ['--graph', split.graph, '--test', split.test, '--methods', 'popularity', '--threads', '0'];
      const report = JSON.parse((await boardwalk('evaluate', ...asked, '--json')).stdout);
      expect(report.split.test_pairs, by).toBe(split.testEdges);
    }
    const page = join(folder, 'report.html');
    const files = ['--graph', join(folder, 'board', 'graph'), '--test', join(folder, 'board', 'test.parquet')];
    const told = ['evaluate', ...files, '--methods', 'popularity,content', '--threads', '0', '--json', '--report'];
    const judged = await boardwalk(...told, page);
    expect(JSON.parse(judged.stdout).skipped).toEqual({ content: 'the pins have no title or text' });
    expect(readFileSync(page, 'utf8')).toContain(`--json --report ${page}</code>`);
    expect((await boardwalk(...told, join(folder, 'nowhere', 'report.html'))).code).toBe(2);
    const text = await boardwalk('split', graph, '--out', join(folder, 'text'));
    expect(text.stdout).toMatch(/270 edges to train on\n.* 30 hidden edges of 30 boards/);
    const wrong = await Promise.all([
      boardwalk('split', graph, '--out', join(folder, 'text')),
      boardwalk('split', graph, '--out', join(folder, 'new'), '--share', '1'),
      boardwalk('split', graph, '--out', join(folder, 'new'), '--by', 'magic'),
    ]);
    expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2]);
  });

  test('read what an importer wrote', async () => {
    writeFileSync(join(folder, 'train.txt'), '0 1 2\n1 2\n');
    writeFileSync(join(folder, 'test.txt'), '0 3\n');
    const files = ['--train', join(folder, 'train.txt'), '--test', join(folder, 'test.txt')];
    const imported = await boardwalk('import', 'lightgcn', ...files, '--out', join(folder, 'out'), '--json');
    expect(JSON.parse(imported.stdout)).toMatchObject({ boards: 2, edges: 3, test: 1 });
    const edges = join(folder, 'out', 'edges.parquet');
    const made = await boardwalk('build', '--edges', edges, '--out', join(folder, 'graph'), '--json');
    expect(JSON.parse(made.stdout)).toMatchObject({ pins: 2, boards: 2, edges: 3, rejected: 0 });
  });

  test('show an example in their help', async () => {
    const names = [
      'build',
      'inspect',
      'topics',
      'split',
      'neighbourhood',
      'import npm',
      'import debian',
      'import lightgcn',
      'import movielens',
    ];
    const helps = await Promise.all(names.map((name) => boardwalk(...name.split(' '), '--help')));
    for (const [index, name] of names.entries()) {
      expect(helps[index].code).toBe(0);
      expect(helps[index].stdout).toMatch(new RegExp(`Example:\\s+boardwalk ${name}`));
    }
  });
});
