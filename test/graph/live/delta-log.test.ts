import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DeltaLog, readSegments } from '../../../src/graph/live/delta-log.js';
import { openLiveGraph } from '../../../src/graph/live/open-live-graph.js';
import { edges, liveBench, walkedEdges } from './live-bench.js';

/** While true, every file is on a full disk: writes take half and then fail. */
let diskFull = false;
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>();
  const onFullDisk = (file: FileHandle): FileHandle =>
    new Proxy(file, {
      get(target, name) {
        if (name === 'write' && diskFull)
          return async (bytes: Buffer, at: number, length: number, position: number) => {
            if (length > 1) return target.write(bytes, at, length >> 1, position);
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          };
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const open = async (...given: Parameters<typeof real.open>) => onFullDisk(await real.open(...given));
  return { ...real, open, default: { ...real, open } };
});
afterEach(() => {
  diskFull = false;
});

const bench = liveBench();

const payloads = ['one', 'the second, longer', '3', 'and a fourth', 'last'].map((text) => Buffer.from(text.padEnd(24)));

const folder = (): string => bench.path('delta');

/** A log of the payloads, each its own group; the ends of its records are what `sizes` tells. */
async function write(close: boolean): Promise<{ path: string; ends: number[] }> {
  mkdirSync(folder());
  const log = new DeltaLog(folder(), 0);
  const path = join(folder(), '00000001.log');
  const ends: number[] = [];
  for (const payload of payloads) {
    await log.append(payload, () => {});
    ends.push(readFileSync(path).length);
  }
  const open = readFileSync(path);
  await log.close();
  if (!close) writeFileSync(path, open);
  return { path, ends };
}

const readAll = (): string[] =>
  [...readSegments(folder(), { after: 0, cut: true })].flatMap((segment) =>
    segment.payloads.map((payload) => payload.toString()),
  );

const texts = payloads.map((payload) => payload.toString());

describe('the delta log', () => {
  test('cut at any byte gives every record before the cut, and takes more after it', async () => {
    const { path, ends } = await write(false);
    const whole = readFileSync(path);
    for (let length = 0; length <= whole.length; length++) {
      rmSync(folder(), { recursive: true });
      mkdirSync(folder());
      writeFileSync(path, whole.subarray(0, length));
      const kept = texts.filter((_, index) => ends[index] <= length);
      expect(readAll()).toEqual(kept);
      if (length % 29 > 0) continue;
      const log = new DeltaLog(folder(), 0);
      await log.append(Buffer.from('more'), () => {});
      await log.close();
      expect(readAll()).toEqual([...kept, 'more']);
    }
  });

  test('names the file when any bit of a closed segment has changed', async () => {
    const { path } = await write(true);
    const whole = readFileSync(path);
    const sealed = whole.length - 16;
    for (let at = 0; at < sealed; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 1 << (at % 8);
      writeFileSync(path, damaged);
      expect(readAll).toThrow(path);
    }
  });

  test('names an older segment that lacks its end', async () => {
    const { path, ends } = await write(true);
    const log = new DeltaLog(folder(), 0);
    await log.append(Buffer.from('more'), () => {});
    await log.close();
    truncateSync(path, ends[3] + 5);
    expect(readAll).toThrow(/00000001.log is damaged at byte/);
  });

  test('tells what it holds in the order of the calls, many to one write', async () => {
    mkdirSync(folder());
    const log = new DeltaLog(folder(), 0);
    const told: number[] = [];
    const all = Array.from({ length: 300 }, (_, i) =>
      log.append(Buffer.from(`record ${i}`.padEnd(16)), () => told.push(i)),
    );
    const sealed: number[] = [];
    all.push(log.rotate((segment) => sealed.push(segment, told.length)).then(() => 0));
    all.push(log.append(Buffer.from('in the next'), () => told.push(300)));
    await Promise.all(all);
    await log.close();
    expect(told).toEqual(Array.from({ length: 301 }, (_, i) => i));
    expect(sealed).toEqual([1, 300]);
    expect(readdirSync(folder()).sort()).toEqual(['00000001.log', '00000002.log']);
    expect(readAll()).toHaveLength(301);
  });
});

describe('a full disk', () => {
  test('refuses what does not fit, keeps all that was accepted, and takes more when there is room', async () => {
    const path = await bench.write('graph', 'a x', 'b y');
    const live = await openLiveGraph(path);
    await live.addEdges(edges('a n', 'new n'));
    diskFull = true;
    const lost = await Promise.allSettled([live.addEdges(edges('a lost', 'b n')), live.removePins(['x'])]);
    expect(lost.map((each) => each.status === 'rejected' && each.reason.code)).toEqual([
      'delta_failed',
      'delta_failed',
    ]);
    expect(walkedEdges(live)).toEqual(['a n', 'a x', 'b y', 'new n']);
    await expect(live.addEdges(edges('a lost'))).rejects.toThrow(/disk is full/);
    diskFull = false;
    await live.addEdges(edges('a found', 'b n'));
    const held = ['a found', 'a n', 'a x', 'b n', 'b y', 'new n'];
    expect(walkedEdges(live)).toEqual(held);
    await live.close();
    const again = await openLiveGraph(path);
    expect(walkedEdges(again)).toEqual(held);
    expect(again.view.pins.indexOf('lost')).toBe(-1);
    await again.close();
  });
});

describe('a graph with its delta, cut at any byte', () => {
  test('opens with some first changes, none by halves', async () => {
    const path = await bench.write('graph', 'a x');
    const live = await openLiveGraph(path);
    const states = [walkedEdges(live)];
    for (const change of [
      () => live.addEdges(edges('b y', 'a y')),
      () => live.removePins(['x']),
      () => live.addEdges(edges('a x', 'c z')),
    ]) {
      await change();
      states.push(walkedEdges(live));
    }
    const log = join(`${path}.delta`, '00000001.log');
    copyFileSync(log, bench.path('whole.log'));
    await live.close();
    const { length } = readFileSync(bench.path('whole.log'));
    let reached = 0;
    for (let cut = 0; cut <= length; cut += cut < length - 5 ? 5 : 1) {
      rmSync(`${path}.delta`, { recursive: true });
      mkdirSync(`${path}.delta`);
      copyFileSync(bench.path('whole.log'), log);
      truncateSync(log, cut);
      const opened = await openLiveGraph(path, { room: { edges: 1_000, pins: 20, boards: 20 } });
      const state = states.findIndex((each) => each.join() === walkedEdges(opened).join());
      expect(state).toBeGreaterThanOrEqual(reached);
      reached = state;
      await opened.close();
    }
    expect(reached).toBe(states.length - 1);
  });
});
