import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isFullDisk } from '../../src/data/full-disk.js';
import { writeWholeDirectory } from '../../src/data/whole-directory.js';
import { writeWholeFile } from '../../src/data/whole-file.js';
import { buildGraph } from '../../src/graph/build.js';
import { compactGraph, openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { openGraph } from '../../src/graph/open.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-full-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const full = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
};

describe('a full disk', () => {
  test('leaves the old folder, and is told with the place, the bytes free and the mend', async () => {
    const target = join(folder, 'out');
    const kind = { what: 'a folder of these tests', marker: { file: 'file' } };
    await writeWholeDirectory(target, kind, async (temporary) => writeFileSync(join(temporary, 'file'), 'old'));
    await expect(writeWholeDirectory(target, kind, async () => full(), { force: true })).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/out cannot be written.* with [\d,]+ bytes free.*unchanged\. Make room/),
      subject: { file: target },
    });
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out']);
  });

  test('leaves the old file, and nothing beside it', async () => {
    const path = join(folder, 'vectors.npy');
    writeFileSync(path, 'old');
    const writing = writeWholeFile(path, async (temporary) => {
      writeFileSync(temporary, 'half');
      full();
    });
    await expect(writing).rejects.toMatchObject({ code: 'disk_full' });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['vectors.npy']);
  });

  test('is recognised in what the database says, and other errors pass as they are', async () => {
    const says = [
      'Out of Memory Error: failed to offload data block of size 32.0 KiB (3.5 MiB/3.5 MiB used).',
      'IO Error: Could not write file "spill/x.tmp": No space left on device',
    ];
    for (const message of says) expect(isFullDisk(new Error(message))).toBe(true);
    const other = new Error('Out of Memory Error: could not allocate block of size 30.5 MiB');
    expect(isFullDisk(other)).toBe(false);
    await expect(writeWholeFile(join(folder, 'x'), () => Promise.reject(other))).rejects.toBe(other);
  });
});

/** A file system of `size`, where this process may mount one. */
function smallDisk(size: string): string | undefined {
  const path = join(folder, 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

describe('a disk that really is full', () => {
  test('stops a build at whatever file it ends in, and the old graph still opens', async (context) => {
    const disk = smallDisk('8m');
    if (disk === undefined) return context.skip('mounting needs the right to');
    try {
      const edges = join(folder, 'edges.csv');
      const out = join(disk, 'graph');
      writeFileSync(edges, 'board_id,pin_id\nb,p\nb,q\n');
      const { manifest } = await buildGraph({ edges: [edges], out, threads: 1 });
      const filler = join(disk, 'filler');
      const rows = Array.from({ length: 4_000 }, (_, row) => `board ${row % 70},pin ${row % 900}\n`);
      writeFileSync(edges, `board_id,pin_id\n${rows.join('')}`);
      for (const left of [0, 8, 40, 100]) {
        writeFileSync(filler, new Uint8Array(freeBytes(disk) - left * 1024));
        await expect(buildGraph({ edges: [edges], out, threads: 1, force: true })).rejects.toMatchObject({
          code: 'disk_full',
          subject: { file: out },
        });
        expect((await openGraph(out, { checksums: true })).id).toBe(manifest.id);
        rmSync(filler);
      }
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('keeps changes from a graph, and leaves nothing of those that it refused', async (context) => {
    const disk = smallDisk('1m');
    if (disk === undefined) return context.skip('mounting needs the right to');
    const [graph, log, filler] = ['graph', 'graph.delta', 'filler'].map((name) => join(disk, name));
    const fill = (): void => writeFileSync(filler, new Uint8Array(freeBytes(disk)));
    try {
      const edges = join(folder, 'edges.csv');
      writeFileSync(edges, 'board_id,pin_id\nb,p\nb,q\n');
      await buildGraph({ edges: [edges], out: graph, threads: 1 });
      const live = await openLiveGraph(graph);
      fill();
      for (const pinIds of [['r'], ['s']])
        await expect(live.addEdges({ boardIds: ['b'], pinIds })).rejects.toMatchObject({ code: 'delta_failed' });
      expect(readdirSync(log)).toEqual(['lock']);
      rmSync(filler);
      await live.addEdges({ boardIds: ['b'], pinIds: ['t'] });
      await live.close();
      fill();
      for (const write of [openLiveGraph, compactGraph])
        await expect(write(graph)).rejects.toMatchObject({ code: 'disk_full', subject: { file: log } });
      expect(readdirSync(log)).toEqual([expect.stringMatching(/^\d+\.log$/)]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
