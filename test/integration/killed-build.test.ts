import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openGraph } from '../../src/graph/open.js';
import { random } from '../../src/random.js';

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-killed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function edgeFile(rows: number): string {
  const source = random(11);
  const lines = Array.from({ length: rows }, () => `board ${source.below(2_000)}\tpin ${source.below(8_000)}\n`);
  const path = join(folder, 'edges.tsv');
  writeFileSync(path, `board_id\tpin_id\n${lines.join('')}`);
  return path;
}

function start(edges: string, ...flags: string[]): ChildProcess {
  const words = ['build', '--edges', edges, '--out', join(folder, 'graph'), '--threads', '1', ...flags];
  return spawn(process.execPath, [program, ...words], { stdio: 'ignore' });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

function temporaries(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('.graph.building-'));
}

/** Kills the build once it has begun to write, or after it has written a given file. */
async function killDuring(child: ChildProcess, file: string | null): Promise<void> {
  const exit = ended(child);
  const reached = (): boolean => temporaries().some((name) => file === null || existsSync(join(folder, name, file)));
  while (child.exitCode === null && !reached()) await pause(1);
  child.kill('SIGKILL');
  await exit;
}

/** The same build by the library, folding on the disk; what it notes goes to the file `log`. */
function startOnDisk(edges: string): ChildProcess {
  const build = new URL('../../dist/src/graph/build.js', import.meta.url).href;
  const progress = new URL('../../dist/src/progress.js', import.meta.url).href;
  const options = { edges: [edges], out: join(folder, 'graph'), edgesInMemory: 5_000, threads: 1 };
  const script = `const [{ buildGraph }, { streamProgress }] = await Promise.all([import('${build}'), import('${progress}')]);
    await buildGraph({ ...${JSON.stringify(options)}, progress: streamProgress() });`;
  const log = openSync(join(folder, 'log'), 'w');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', log] });
  closeSync(log);
  return child;
}

const idOf = (): string => JSON.parse(readFileSync(join(folder, 'graph', 'manifest.json'), 'utf8')).id;

describe('a build that is killed', () => {
  test('goes on after its last whole stage, wherever it was, and comes to the same graph', async () => {
    const edges = edgeFile(60_000);
    const points = ['staged.duckdb', 'by-board', 'boards.offsets', 'by-pin', 'pins.offsets'];
    for (const file of [...points.map((name) => join('work', name)), 'pins.adjacency.arrow', 'boards.attributes.arrow'])
      await killDuring(startOnDisk(edges), file);
    expect(existsSync(join(folder, 'graph'))).toBe(false);
    expect(await ended(startOnDisk(edges))).toBe(0);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toMatch(
      /^going on after what a build of the same files had done: .*edges_0, .*rows of pins, pins\.adjacency\.arrow/,
    );
    expect(temporaries()).toEqual([]);
    await openGraph(join(folder, 'graph'), { checksums: true });
    const resumed = idOf();
    expect(await ended(start(edges, '--force'))).toBe(0);
    expect(idOf()).toBe(resumed);
  });

  test('begins anew where a file has changed since', async () => {
    const edges = edgeFile(60_000);
    await killDuring(startOnDisk(edges), 'pins.adjacency.arrow');
    appendFileSync(edges, 'another board\tpin 1\n');
    expect(await ended(startOnDisk(edges))).toBe(0);
    expect(readFileSync(join(folder, 'log'), 'utf8')).not.toContain('going on');
    expect(temporaries()).toEqual([]);
    expect((await openGraph(join(folder, 'graph'))).boards.size).toBe(2_001);
  });

  test('leaves no output, and the next run clears up and succeeds', async () => {
    const edges = edgeFile(60_000);
    for (const file of [null, 'pins.adjacency.arrow', 'boards.attributes.arrow']) {
      await killDuring(start(edges), file);
      expect(existsSync(join(folder, 'graph'))).toBe(false);
      expect(temporaries()).toHaveLength(1);
    }
    expect(await ended(start(edges))).toBe(0);
    expect(temporaries()).toEqual([]);
    const graph = await openGraph(join(folder, 'graph'), { checksums: true });
    expect(graph.boards.size).toBe(2_000);
  });

  test('leaves the old output where it was to replace one', async () => {
    const edges = edgeFile(60_000);
    const small = join(folder, 'small.tsv');
    writeFileSync(small, 'board_id\tpin_id\nb\tp\n');
    expect(await ended(start(small))).toBe(0);
    const before = readFileSync(join(folder, 'graph', 'manifest.json'), 'utf8');
    await killDuring(start(edges, '--force'), 'pins.adjacency.arrow');
    expect(readFileSync(join(folder, 'graph', 'manifest.json'), 'utf8')).toBe(before);
    expect(await ended(start(edges, '--force'))).toBe(0);
    expect((await openGraph(join(folder, 'graph'), { checksums: true })).boards.size).toBe(2_000);
  });
});
