import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

describe('a build that is killed', () => {
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
