import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { literal, rowsOf, withDatabase } from '../../src/data/database.js';
import { silentProgress } from '../../src/progress.js';
import { importNpm, type ImportNpmOptions } from '../../src/data/import-npm.js';

const packages: Record<string, object> = {
  alpha: {
    name: 'alpha',
    description: 'kept nowhere',
    keywords: ['web', 'server'],
    repository: { url: 'git+https://github.com/Letters/alpha.git' },
    dependencies: { gamma: '1', '@scope/beta': '2' },
    devDependencies: { gamma: '1', tester: '3' },
  },
  '@scope/beta': {
    name: '@scope/beta',
    keywords: 'none',
    peerDependencies: { alpha: '1' },
    devDependencies: { tester: '3' },
  },
  gamma: { name: 'gamma', repository: 'letters/gamma', dependencies: { alpha: '1', tester: '1' } },
  single: { name: 'single', dependencies: { gamma: '1' } },
};

let folder: string;
let server: Server;
let registry: string;
/** Requests seen, by decoded package name. */
let asked: string[];
/** Answers to give before the real one, by package. */
let failures: Record<string, number[]>;
let onRequest: () => void;
let flying: number;
let most: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-npm-'));
  asked = [];
  failures = {};
  onRequest = () => {};
  flying = 0;
  most = 0;
  server = createServer(async (request, response) => {
    most = Math.max(most, ++flying);
    const [, path] = /^\/base\/([^/]+)\/latest$/.exec(request.url ?? '') ?? [];
    const name = decodeURIComponent(path ?? '');
    asked.push(name);
    onRequest();
    // Long enough for other requests to arrive meanwhile.
    await pause(5);
    flying--;
    const status = failures[name]?.shift() ?? (packages[name] ? 200 : 404);
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
    response.end(status === 200 ? JSON.stringify(packages[name]) : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function run(options: Partial<ImportNpmOptions> = {}) {
  const names = ['alpha', '@scope/beta', 'gamma', 'single', 'nowhere'];
  return importNpm({
    out: join(folder, 'out'),
    cache: join(folder, 'cache'),
    registry,
    names,
    firstWait: 1,
    ...options,
  });
}

function times(name: string): number {
  return asked.filter((one) => one === name).length;
}

async function rows(name: string): Promise<unknown[][]> {
  return withDatabase({}, async (connection) => {
    const found = await rowsOf(
      connection,
      `SELECT * FROM ${literal(join(folder, 'out', `${name}.parquet`))} ORDER BY ALL`,
    );
    return found.map((row) => Object.values(row));
  });
}

describe('importing from a registry', () => {
  test('makes packages boards and their dependencies pins, each pair once, in its strongest kind', async () => {
    const counts = await run();
    expect(counts).toEqual({ boards: 3, pins: 4, edges: 7, read: 5, cached: 0, absent: 1 });
    expect(await rows('edges')).toEqual([
      ['@scope/beta', 'alpha', 'peerDependencies'],
      ['@scope/beta', 'tester', 'devDependencies'],
      ['alpha', '@scope/beta', 'dependencies'],
      ['alpha', 'gamma', 'dependencies'],
      ['alpha', 'tester', 'devDependencies'],
      ['gamma', 'alpha', 'dependencies'],
      ['gamma', 'tester', 'dependencies'],
    ]);
  });

  test('keeps names, keywords and numbered owners, and nothing else', async () => {
    await run();
    expect(await rows('boards')).toEqual([
      ['@scope/beta', '@scope/beta', null, 'org-1'],
      ['alpha', 'alpha', 'web server', 'org-2'],
      ['gamma', 'gamma', null, 'org-2'],
    ]);
    expect(await rows('pins')).toEqual([
      ['@scope/beta', '@scope/beta', null],
      ['alpha', 'alpha', 'web server'],
      ['gamma', 'gamma', null],
      ['tester', 'tester', null],
    ]);
    expect(readFileSync(join(folder, 'cache', 'packages.jsonl'), 'utf8')).not.toContain('kept nowhere');
  });

  test('asks busy and failing servers again, and a missing package only once', async () => {
    failures = { alpha: [429, 503], gamma: [500] };
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
    expect(await run({ progress })).toMatchObject({ boards: 3, absent: 1 });
    expect(notes.toSorted()).toEqual([
      expect.stringMatching(/alpha.*answers 429; tries left: 6/),
      expect.stringMatching(/alpha.*answers 503; tries left: 5/),
      expect.stringMatching(/gamma.*answers 500; tries left: 6/),
    ]);
    expect(['alpha', 'gamma', '@scope/beta', 'nowhere'].map(times)).toEqual([3, 2, 1, 1]);
  });

  test('asks nothing twice over two runs, torn last lines of the cache aside', async () => {
    await run();
    appendFileSync(join(folder, 'cache', 'packages.jsonl'), '{"name":"delt');
    asked = [];
    packages.delta = { name: 'delta', dependencies: { alpha: '1', gamma: '1' } };
    const counts = await run({ names: ['alpha', '@scope/beta', 'gamma', 'single', 'nowhere', 'delta'], force: true });
    expect(asked).toEqual(['delta']);
    expect(counts).toMatchObject({ boards: 4, read: 1, cached: 5 });
    asked = [];
    await run({ names: ['delta', 'alpha'], force: true });
    expect(asked).toEqual([]);
    delete packages.delta;
  });

  test('gives up on a server that keeps failing, naming the package, and keeps what was read', async () => {
    failures = { gamma: [500, 500, 500, 500] };
    await expect(run({ retries: 2, concurrency: 1 })).rejects.toThrow(/gamma could not be read from .*500/);
    expect(existsSync(join(folder, 'out'))).toBe(false);
    asked = [];
    failures = {};
    expect(await run()).toMatchObject({ boards: 3, cached: 2 });
    expect(asked).not.toContain('alpha');
  });

  test('does not wait for a registry where nobody listens, and names it and the cause', async () => {
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
    await new Promise((resolve) => server.close(resolve));
    await expect(run({ progress })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(`alpha could not be read from ${registry}: .*ECONNREFUSED.*--registry`),
    });
    expect(notes).toEqual([]);
  });

  test('stops when told to, and goes on from there', async () => {
    const controller = new AbortController();
    onRequest = () => asked.length === 3 && controller.abort();
    await expect(run({ concurrency: 1, signal: controller.signal })).rejects.toThrow(/Stopped after 2 of 5 packages/);
    onRequest = () => {};
    expect(await run()).toMatchObject({ boards: 3, read: 3, cached: 2 });
  });

  test('never has more requests in flight than allowed', async () => {
    await run({ names: Array.from({ length: 60 }, (_, index) => `missing-${index}`), concurrency: 4 });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});
