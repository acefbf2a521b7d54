import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importDebian } from '../../src/data/import-debian.js';
import { importLightgcn } from '../../src/data/import-lightgcn.js';
import { importMovielens } from '../../src/data/import-movielens.js';
import { importNpm } from '../../src/data/import-npm.js';
import { buildGraph } from '../../src/graph/build.js';
import { compactGraph, openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { openGraph } from '../../src/graph/open.js';
import { buildPruned } from '../../src/pipeline/graphs/build-pruned.js';
import { pruneDirectory } from '../../src/pipeline/graphs/prune-directory.js';
import { relateDirectory } from '../../src/pipeline/graphs/relate-directory.js';
import { splitDirectory } from '../../src/pipeline/graphs/split-directory.js';
import { trainModel } from '../../src/pipeline/train-model.js';
import { partialDirectory } from '../../src/pipeline/weights/partial-run.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-replaced-'));
const at = (name: string): string => join(folder, name);
const out = at('precious');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const pairs = Array.from({ length: 300 }, (_, i) => `b${i % 12},p${(7 * i) % 25}\n`);
  writeFileSync(at('edges.csv'), `board_id,pin_id\n${pairs.join('')}`);
  writeFileSync(at('u.data'), '1\t10\t5\t881250949\n');
  writeFileSync(at('pairs.txt'), '0 5 7\n');
  await buildGraph({ edges: [at('edges.csv')], out: at('graph') });
});

beforeEach(() => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
});

/** What does not exist is asked for wherever the command reads late: the refusal comes before that. */
const writers: Record<string, { marker: string; write: () => Promise<unknown> }> = {
  train: { marker: 'spec.json', write: () => trainModel({ graphDirectory: at('none'), out, force: true }) },
  build: { marker: 'manifest.json', write: () => buildGraph({ edges: [at('edges.csv')], out, force: true }) },
  'build --prune': {
    marker: 'manifest.json',
    write: () => buildPruned({ edges: [at('none')], out, force: true }, { prune: {}, cost: false }),
  },
  split: { marker: 'test.parquet', write: () => splitDirectory(at('none'), out, { force: true }) },
  prune: { marker: 'manifest.json', write: () => pruneDirectory(at('none'), out, { force: true }) },
  relate: { marker: 'manifest.json', write: () => relateDirectory(at('none'), new Map(), out, { force: true }) },
  'import npm': {
    marker: 'edges.parquet',
    write: () => importNpm({ out, cache: at('cache'), names: [], force: true }),
  },
  'import debian': {
    marker: 'edges.parquet',
    write: () => importDebian({ packages: at('none'), out, force: true }),
  },
  'import lightgcn': {
    marker: 'edges.parquet',
    write: () => importLightgcn({ train: at('none'), test: at('none'), out, force: true }),
  },
  'import movielens': { marker: 'edges.parquet', write: () => importMovielens({ folder, out, force: true }) },
};

describe.each(Object.entries(writers))('%s --force', (_, { marker, write }) => {
  test('begins by refusing a folder that Boardwalk did not write', async () => {
    writeFileSync(join(out, 'file.txt'), 'data');
    await expect(write()).rejects.toMatchObject({
      code: 'bad_option',
      message: expect.stringMatching(`precious is not .*no ${marker} of one.* Choose another folder`),
      subject: { file: out, field: 'out' },
    });
    expect(readFileSync(join(out, 'file.txt'), 'utf8')).toBe('data');
  });

  test("begins by refusing a folder with a file of someone else's among what it would replace", async () => {
    writeFileSync(join(out, marker), '{"format": "boardwalk-graph", "graph_id": "0"}');
    writeFileSync(join(out, 'file.txt'), 'data');
    await expect(write()).rejects.toThrow(/precious holds file\.txt, .*Move file\.txt elsewhere/);
    expect(readdirSync(out).sort()).toEqual(['file.txt', marker].sort());
  });
});

describe('what a command wrote itself', () => {
  test('is replaced, and so is an empty folder', async () => {
    const options = { by: 'board', share: 0.3, minimumPins: 2, force: true } as const;
    const writing = [
      () => buildGraph({ edges: [at('edges.csv')], out, force: true }),
      () => pruneDirectory(at('graph'), out, { cost: false, force: true }),
      () => relateDirectory(at('graph'), new Map([['again', at('graph')]]), out, { force: true }),
      () => relateDirectory(at('graph'), new Map([['again', at('graph')]]), out, { force: true }),
      () => pruneDirectory(at('graph'), out, { cost: false, force: true }),
    ];
    for (const write of writing) await write();
    expect((await openGraph(out)).pins.size).toBe(25);
    rmSync(out, { recursive: true });
    for (let i = 0; i < 2; i++) await splitDirectory(at('graph'), out, options);
    rmSync(out, { recursive: true });
    for (let i = 0; i < 2; i++)
      await importLightgcn({ train: at('pairs.txt'), test: at('pairs.txt'), out, force: true });
    await importMovielens({ folder, out, force: true });
    expect(readdirSync(out)).toEqual(['edges.parquet']);
  });
});

describe('a graph that takes changes', () => {
  const replacing: Record<string, { graph: string; write: () => Promise<unknown> }> = {
    build: { graph: out, write: () => buildGraph({ edges: [at('edges.csv')], out, force: true }) },
    'build --prune': {
      graph: out,
      write: () => buildPruned({ edges: [at('edges.csv')], out, force: true }, { prune: {}, cost: false }),
    },
    prune: { graph: out, write: () => pruneDirectory(at('graph'), out, { cost: false, force: true }) },
    relate: {
      graph: out,
      write: () => relateDirectory(at('graph'), new Map([['again', at('graph')]]), out, { force: true }),
    },
    split: {
      graph: join(out, 'graph'),
      write: () => splitDirectory(at('graph'), out, { share: 0.3, minimumPins: 2, force: true }),
    },
  };
  afterEach(() => rmSync(`${out}.delta`, { recursive: true, force: true }));

  test.each(Object.entries(replacing))(
    'is replaced by %s neither while it is written nor before its changes are in it, and takes more after that',
    async (_, { graph, write }) => {
      await write();
      const add = async (board: string): Promise<void> => {
        const live = await openLiveGraph(graph);
        await live.addEdges({ boardIds: [board], pinIds: ['p1'] });
        await expect(write()).rejects.toMatchObject({
          code: 'locked',
          message: expect.stringMatching(`written by process ${process.pid}`),
        });
        await live.close();
      };
      await add('added');
      await expect(write()).rejects.toMatchObject({
        code: 'bad_option',
        message: expect.stringMatching('changes that are not in it yet.*boardwalk compact'),
        subject: { file: `${graph}.delta`, field: 'out' },
      });
      await compactGraph(graph);
      await write();
      expect((await openGraph(graph)).boards.indexOf('added')).toBe(-1);
      await add('later');
      await compactGraph(graph);
      const { boards } = await openGraph(graph);
      expect([boards.indexOf('added'), boards.indexOf('later')]).toEqual([-1, boards.size - 1]);
    },
  );

  test('leaves changes that no other graph is put under when it is gone', async () => {
    rmSync(out, { recursive: true });
    await replacing.build.write();
    const live = await openLiveGraph(out);
    await live.addEdges({ boardIds: ['added'], pinIds: ['p1'] });
    await live.close();
    rmSync(out, { recursive: true });
    await expect(buildGraph({ edges: [at('edges.csv')], out })).rejects.toThrow(
      /\.delta has changes that were made to a graph that is gone\. Choose another folder, or delete/,
    );
    await expect(openGraph(out)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('training', () => {
  test('deletes no folder that has the name of the one for its checkpoints, with --force or without', async () => {
    const partial = partialDirectory(at('model'));
    mkdirSync(partial);
    writeFileSync(join(partial, 'file.txt'), 'data');
    for (const force of [false, true])
      await expect(trainModel({ graphDirectory: at('graph'), out: at('model'), force })).rejects.toThrow(
        /model\.partial is not an interrupted run's folder/,
      );
    expect(readFileSync(join(partial, 'file.txt'), 'utf8')).toBe('data');
  });
});
