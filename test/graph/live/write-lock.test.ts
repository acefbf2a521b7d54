import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lockForWriting, takeWriteLock } from '../../../src/graph/live/write-lock.js';
import { liveBench } from './live-bench.js';

vi.mock('node:fs', async (load) => {
  const actual = await load<typeof import('node:fs')>();
  return { ...actual, linkSync: vi.fn(actual.linkSync), writeFileSync: vi.fn(actual.writeFileSync) };
});
afterEach(() => {
  vi.mocked(linkSync).mockReset();
  vi.mocked(writeFileSync).mockReset();
});

const bench = liveBench();

function lockOf(holder: { process: number; host: string; started: string | null }): string {
  mkdirSync(bench.path('delta'), { recursive: true });
  writeFileSync(join(bench.path('delta'), 'lock'), JSON.stringify(holder));
  return bench.path('delta');
}

describe('the lock of the one that writes', () => {
  test('keeps out a second, until the first lets go', () => {
    mkdirSync(bench.path('delta'));
    const unlock = takeWriteLock(bench.path('delta'));
    expect(() => takeWriteLock(bench.path('delta'))).toThrow(new RegExp(`written by process ${process.pid}`));
    unlock();
    takeWriteLock(bench.path('delta'))();
    expect(existsSync(join(bench.path('delta'), 'lock'))).toBe(false);
  });

  test('is taken over from a process that is dead, or whose number another bears now', () => {
    const dead = { process: 2 ** 30, host: hostname(), started: null };
    const formerly = { process: process.ppid, host: hostname(), started: 'long ago' };
    // A former process of this one's number, as the first in a container always has.
    const own = { process: process.pid, host: hostname(), started: null };
    for (const holder of process.platform === 'linux' ? [dead, formerly, own] : [dead, own]) {
      const unlock = takeWriteLock(lockOf(holder));
      expect(JSON.parse(readFileSync(join(bench.path('delta'), 'lock'), 'utf8')).process).toBe(process.pid);
      unlock();
    }
  });

  test('is left to a running process, and to one on another host', () => {
    const running = { process: process.ppid, host: hostname(), started: null };
    expect(() => takeWriteLock(lockOf(running))).toThrow(/Stop it/);
    const elsewhere = { process: 1, host: 'elsewhere', started: null };
    expect(() => takeWriteLock(lockOf(elsewhere))).toThrow(/on elsewhere.*delete/);
  });

  test.each(['EPERM', 'ENOTSUP'])(
    'is taken, and keeps out a second, where %s says that files cannot be linked',
    (code) => {
      vi.mocked(linkSync).mockImplementation(() => {
        throw Object.assign(new Error(`${code}: link`), { code });
      });
      const unlock = lockForWriting(bench.path('graph'));
      expect(readdirSync(bench.path('graph.delta'))).toEqual(['lock']);
      expect(() => lockForWriting(bench.path('graph'))).toThrow(new RegExp(`written by process ${process.pid}`));
      unlock();
      takeWriteLock(lockOf({ process: 2 ** 30, host: hostname(), started: null }))();
      expect(readdirSync(bench.path('graph.delta'))).toEqual([]);
    },
  );

  test('leaves no folder of a log where it cannot be taken', () => {
    vi.mocked(linkSync).mockImplementation(() => {
      throw Object.assign(new Error('EIO: link'), { code: 'EIO' });
    });
    expect(() => lockForWriting(bench.path('graph'))).toThrow('EIO');
    expect(existsSync(bench.path('graph.delta'))).toBe(false);
  });

  test('finds a folder that is taken away just before', () => {
    vi.mocked(writeFileSync).mockImplementationOnce((path, ...rest) => {
      rmdirSync(dirname(path as string));
      writeFileSync(path, ...rest);
    });
    lockForWriting(bench.path('graph'))();
    expect(readdirSync(bench.path('graph.delta'))).toEqual([]);
  });
});
