import { cpSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addFiles } from '../../../src/graph/live/add-files.js';
import { compactGraph, openLiveGraph } from '../../../src/graph/live/open-live-graph.js';
import { pendingChanges } from '../../../src/graph/live/pending.js';
import { segmentHeader, segmentHeaderBytes } from '../../../src/graph/live/segment-file.js';
import { openGraph } from '../../../src/graph/open.js';
import { edges, liveBench, walkedEdges } from './live-bench.js';

const bench = liveBench();

describe('a live graph', () => {
  test('shows edges, pins and boards once they are accepted, seen from both sides', async () => {
    const live = await openLiveGraph(await bench.write('graph', 'a x', 'a y', 'b y'));
    expect(await live.addEdges(edges('b x', 'c z', 'a x'))).toEqual({ changed: 2 });
    await live.addPins([{ id: 'lonely', title: 'alone', created_at: '2024-01-31' }]);
    const all = ['a x', 'a y', 'b x', 'b y', 'c z'];
    for (const side of ['pins', 'boards'] as const) expect(walkedEdges(live, side)).toEqual(all);
    const lonely = live.view.pins.indexOf('lonely');
    expect(live.view.pinAttributes.get('title', lonely)).toBe('alone');
    expect(live.view.pinAttributes.get('created_at', lonely)).toBe('2024-01-31T00:00:00.000Z');
    await live.close();
  });

  test('holds the same after it is opened again, and after a compaction', async () => {
    const path = await bench.write('graph', 'a x', 'a y', 'b y');
    let live = await openLiveGraph(path);
    await live.addEdges(edges('b x', 'c z', 'n y'));
    await live.removeEdges(edges('a y', 'a z', 'nobody x'));
    await live.addBoards([{ id: 'c', title: 'C' }]);
    await live.removePins(['x']);
    const after = ['b y', 'c z', 'n y'];
    expect(walkedEdges(live)).toEqual(after);
    await live.close();
    live = await openLiveGraph(path);
    expect(walkedEdges(live)).toEqual(after);
    expect(live.view.pins.indexOf('x')).toBe(-1);
    await live.addEdges(edges('c x'));
    await live.compact();
    await live.addEdges(edges('c w'));
    expect(walkedEdges(live)).toEqual(['b y', 'c w', 'c x', 'c z', 'n y']);
    expect(live.view.boardAttributes.get('title', live.view.boards.indexOf('c'))).toBe('C');
    await live.close();
    const base = await openGraph(path, { checksums: true });
    expect(base.pins.ids()).toEqual(['x', 'y', 'z']);
    expect(base.features[0].values).toEqual(Float32Array.of(0, 0, 3, 4, 0, 0));
    expect([base.pinAttributes.get('title', 0), base.pinAttributes.get('title', 1)]).toEqual([null, 'title of y']);
  });
});

describe('the base of a live graph', () => {
  test('keeps its indices, and has what its nodes are by now, before and after a compaction', async () => {
    const live = await openLiveGraph(await bench.write('graph', 'a x', 'a y', 'b x', 'b z', 'c z'));
    const { baseNow } = live;
    await live.addEdges(edges('a A', 'c x', '0 x'));
    await live.removeEdges(edges('b x'));
    await live.removePins(['y']);
    await live.addPins([{ id: 'y' }, { id: 'z', title: 'Z' }]);
    const check = (): void => {
      expect(baseNow.pins.ids()).toEqual(['x', '', 'z']);
      expect([baseNow.pins.indexOf('y'), baseNow.pins.indexOf('A')]).toEqual([-1, -1]);
      expect([0, 1, 2].map((pin) => [...baseNow.neighbours('pins', pin)])).toEqual([[0, 2], [], [1, 2]]);
      expect([0, 1, 2].map((board) => [...baseNow.neighbours('boards', board)])).toEqual([[0], [2], [0, 2]]);
      expect([0, 1, 2].map((pin) => baseNow.degree('pins', pin))).toEqual([3, 0, 2]);
      expect([0, 1, 2].map((pin) => baseNow.pinAttributes.get('title', pin))).toEqual(['title of x', null, 'Z']);
      expect(baseNow.describedPins).toEqual([2]);
    };
    check();
    await live.compact();
    expect(live.view.pins.indexOf('x')).not.toBe(0);
    check();
    await live.close();
  });
});

describe('what is set of pins and boards', () => {
  test('counts where it is new, or makes them other than they were', async () => {
    const live = await openLiveGraph(await bench.write('graph', 'a x', 'a y'));
    const rows = [{ id: 'x', title: 'title of x' }, { id: 'y', title: 'Y' }, { id: 'y', url: 'u' }, { id: 'new' }];
    expect(await live.addPins(rows)).toEqual({ changed: 2 });
    expect(await live.addPins(rows)).toEqual({ changed: 0 });
    expect(await live.addPins([{ id: 'y', title: null }])).toEqual({ changed: 1 });
    expect(await live.addBoards([{ id: 'a', title: 'A' }, { id: 'b' }])).toEqual({ changed: 2 });
    await live.close();
  });

  test('has dates in ISO 8601, or years, and no other text', async () => {
    const live = await openLiveGraph(await bench.write('graph', 'a x'));
    const setTo = async (created_at: string) => {
      await live.addPins([{ id: 'x', created_at }]);
      return live.view.pinAttributes.get('created_at', 0);
    };
    expect(await setTo('1995')).toBe('1995-01-01T00:00:00.000Z');
    expect(await setTo('2024-01-31 12:00')).toBe('2024-01-31T12:00:00.000Z');
    for (const text of ['banana 7', '2024-02-30', '7'])
      await expect(setTo(text)).rejects.toThrow(/created_at of row 0 is no ISO 8601 date/);
    await live.close();
  });
});

describe('files of changes', () => {
  test('add and take away ids that begin with a byte order mark as they are', async () => {
    const path = await bench.write('graph', 'a q', 'a \ufeffr');
    const live = await openLiveGraph(path);
    const [saves, pins] = [bench.path('saves.csv'), bench.path('pins.csv')];
    writeFileSync(saves, 'board_id,pin_id\n\ufeffb,\ufeffq\n');
    writeFileSync(pins, 'pin_id,title\n\ufeffq,\ufeffQ\n');
    await addFiles(live, { edges: [saves], pins });
    expect(walkedEdges(live)).toEqual(['a q', 'a \ufeffr', '\ufeffb \ufeffq']);
    expect(live.view.pinAttributes.get('title', live.view.pins.indexOf('\ufeffq'))).toBe('\ufeffQ');
    await addFiles(live, { edges: [saves], remove: true });
    await live.compact();
    await live.close();
    expect((await openGraph(path)).pins.ids()).toEqual(['q', '\ufeffq', '\ufeffr']);
  });
});

describe('a graph that was opened before a compaction', () => {
  test('keeps what it had read, and reads nothing of the graph in its place', async () => {
    const path = await bench.write('graph', 'b x', 'b y');
    const [read, unread] = [await openGraph(path), await openGraph(path)];
    expect(read.features).toHaveLength(1);
    const live = await openLiveGraph(path);
    await live.addEdges(edges('a n'));
    await live.compact();
    await live.close();
    expect(read.features[0].values).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(() => unread.features).toThrow(
      expect.objectContaining({
        code: 'mismatch',
        message: expect.stringMatching(/no longer the graph.*Open it again/),
      }),
    );
    expect(() => unread.relations).toThrow(/no longer the graph/);
    await expect(openLiveGraph(path, {}, unread)).rejects.toMatchObject({ code: 'mismatch' });
  });
});

describe('a graph that a link leads to', () => {
  test('has one log and one writer by either name, and is compacted where it lies', async () => {
    const path = await bench.write('graph', 'a x');
    const link = bench.path('link');
    symlinkSync('graph', link);
    const live = await openLiveGraph(link);
    await expect(openLiveGraph(path)).rejects.toMatchObject({ code: 'locked' });
    await live.addEdges(edges('b x'));
    await live.compact();
    await live.close();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect((await openGraph(path)).boards.ids()).toEqual(['a', 'b']);
  });

  test('is refused by a link that has changes beside it, until they lie beside the graph', async () => {
    const path = await bench.write('graph', 'a x');
    const live = await openLiveGraph(path);
    await live.addEdges(edges('b x'));
    await live.close();
    const link = bench.path('link');
    symlinkSync('graph', link);
    renameSync(`${path}.delta`, `${link}.delta`);
    const refusal = { code: 'mismatch', subject: { file: `${link}.delta` } };
    await expect(openLiveGraph(link)).rejects.toMatchObject(refusal);
    expect(() => pendingChanges(link)).toThrow(expect.objectContaining(refusal));
    renameSync(`${link}.delta`, `${path}.delta`);
    expect(pendingChanges(link)).toBe(1);
    symlinkSync('graph.delta', `${link}.delta`);
    expect(pendingChanges(link)).toBe(1);
  });
});

describe('a graph directory that is older than its log', () => {
  test('is refused, for what lay between is in neither', async () => {
    const path = await bench.write('graph', 'a x');
    cpSync(path, bench.path('copy'), { recursive: true });
    const live = await openLiveGraph(path);
    await live.addEdges(edges('b x'));
    await live.compact();
    await live.addEdges(edges('c x'));
    await live.close();
    rmSync(path, { recursive: true });
    cpSync(bench.path('copy'), path, { recursive: true });
    await expect(openLiveGraph(path)).rejects.toThrow(/neither in .* nor in the graph/);
  });

  test('takes changes where the log has none', async () => {
    const path = await bench.write('graph', 'a x');
    cpSync(path, bench.path('copy'), { recursive: true });
    const live = await openLiveGraph(path);
    await live.addEdges(edges('b x'));
    await live.compact();
    await live.close();
    // As `add --compact` leaves it: a segment that goes on from the one in the graph, without a record.
    writeFileSync(join(`${path}.delta`, '00000002.log'), segmentHeader(2, 1));
    rmSync(path, { recursive: true });
    cpSync(bench.path('copy'), path, { recursive: true });
    expect(pendingChanges(path)).toBe(0);
    for (const board of ['c', 'd']) {
      const again = await openLiveGraph(path);
      await again.addEdges(edges(`${board} x`));
      await again.close();
    }
    expect(pendingChanges(path)).toBe(2);
    expect((await compactGraph(path)).counts).toEqual({ pins: 1, boards: 3, edges: 3 });
  });

  test('is refused though changes follow a segment that has none', async () => {
    const path = await bench.write('graph', 'a x');
    const live = await openLiveGraph(path);
    await live.addEdges(edges('b x'));
    await live.close();
    const log = join(`${path}.delta`, '00000001.log');
    const records = readFileSync(log).subarray(segmentHeaderBytes);
    rmSync(log);
    writeFileSync(join(`${path}.delta`, '00000002.log'), segmentHeader(2, 1));
    writeFileSync(join(`${path}.delta`, '00000003.log'), Buffer.concat([segmentHeader(3, 2), records]));
    await expect(openLiveGraph(path)).rejects.toThrow(/goes on from segment 1, .*neither/);
  });
});

/** What a view that ended after some rounds holds once x is removed: its edges stay in it, a removed node's id is ''. */
function endedWhileX(seen: readonly string[]): string[] {
  const rounds = seen.filter((edge) => edge.includes(' n')).length;
  const added = Array.from({ length: rounds }, (_, round) => [`a${round} n${round}`, `a${round} `]);
  return [...added.flat(), 'b ', 'b y'].sort();
}

describe('changes during a compaction', () => {
  test('are in the new memory and survive it, and the view of before stays as it was', async () => {
    const path = await bench.write('graph', 'b x', 'b y');
    const live = await openLiveGraph(path);
    const before = live.view;
    const compacted = live.compact();
    // Each sorts before what the base has, so that all indices change.
    for (let round = 0; round < 40; round++) await live.addEdges(edges(`a${round} n${round}`, `a${round} x`));
    await live.removePins(['x']);
    await live.addBoards([{ id: 'late', title: 'Late' }]);
    await live.removeEdges(edges('a1 n1'));
    await compacted;
    const kept = Array.from({ length: 40 }, (_, round) => `a${round} n${round}`).filter((edge) => edge !== 'a1 n1');
    const all = [...kept, 'b y'].sort();
    expect(live.view).not.toBe(before);
    expect(walkedEdges(live)).toEqual(all);
    expect(walkedEdges(live, 'pins')).toEqual(all);
    expect(live.view.boardAttributes.get('title', live.view.boards.indexOf('late'))).toBe('Late');
    await live.addEdges(edges('late y'));
    // On a busy machine the compaction may end before the last changes are made: they are in the new view alone.
    const seen = walkedEdges({ view: before });
    expect([all, [...all, 'a1 n1'].sort(), endedWhileX(seen)]).toContainEqual(seen);
    await live.close();
    const again = await openLiveGraph(path);
    expect(walkedEdges(again)).toEqual([...all, 'late y'].sort());
    await again.close();
  });

  test('that come after it leave the view of before as it was, but for the ids of what is removed', async () => {
    const live = await openLiveGraph(await bench.write('graph', 'b x', 'b y'));
    const before = live.view;
    await live.compact();
    await live.addEdges(edges('c x'));
    await live.removePins(['x']);
    expect(walkedEdges({ view: before })).toEqual(['b ', 'b y']);
    expect(walkedEdges(live)).toEqual(['b y']);
    await live.close();
  });
});

describe('a live graph without room', () => {
  test('refuses more, compacts by itself, and takes it then', async () => {
    const live = await openLiveGraph(await bench.write('graph', 'a x'), {
      room: { edges: 4_000, pins: 400, boards: 40 },
    });
    const batch = (from: number) => edges(...Array.from({ length: 100 }, (_, i) => `a p${from + i}`));
    let refused = 0;
    for (let from = 0; from < 1_000;)
      try {
        await live.addEdges(batch(from));
        from += 100;
      } catch (error) {
        expect(error).toMatchObject({ code: 'delta_full' });
        refused++;
        await live.compact();
      }
    expect(live.edges).toBe(1_001);
    expect(walkedEdges(live, 'pins')).toHaveLength(1_001);
    expect(refused).toBeGreaterThan(0);
    await live.close();
  });
});
