import { describe, expect, test } from 'vitest';
import { openLiveGraph } from '../../../src/graph/live/open-live-graph.js';
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
