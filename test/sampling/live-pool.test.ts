import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveGraph } from '../../src/graph/live/live-graph.js';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { writeGraph } from '../../src/graph/write.js';
import { importancePoolingDefaults } from '../../src/sampling/kernel.js';
import { livePool, type WalkedView } from '../../src/sampling/live-pool.js';
import { sharedNeighbourhoods } from '../../src/sampling/shared-arrays.js';

let folder: string;
let live: LiveGraph;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-live-pool-'));
  const edges = { boards: Uint32Array.of(0, 0, 1, 1), pins: Uint32Array.of(0, 1, 1, 2) };
  await writeGraph(join(folder, 'graph'), memoryGraph({ pins: ['m', 'n', 'o'], boards: ['a', 'b'], edges }));
  live = await openLiveGraph(join(folder, 'graph'));
});
afterEach(async () => {
  await live.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The pins that walks from a pin reach in one of the threads, by id. */
async function reached({ view, pool }: WalkedView, pin: string): Promise<string[]> {
  const size = 8;
  const into = sharedNeighbourhoods(1, size);
  const options = { ...importancePoolingDefaults, neighbours: size };
  await pool.run('importance', { seeds: Uint32Array.of(view.pins.indexOf(pin)), options, into });
  const found = [...into.neighbours].filter((_, column) => into.weights[column] > 0);
  return found.map((neighbour) => view.pins.id(neighbour)).sort();
}

describe('threads that walk a graph that changes', () => {
  test('see an edge, in every thread, once it is accepted, and no longer once it is gone', async () => {
    const pool = livePool(live, { threads: 2 });
    const inBoth = () => pool.use((walked) => Promise.all([reached(walked, 'm'), reached(walked, 'm')]));
    expect(await inBoth()).toEqual([
      ['n', 'o'],
      ['n', 'o'],
    ]);
    await live.addEdges({ boardIds: ['b', 'new'], pinIds: ['new', 'm'] });
    await live.removeEdges({ boardIds: ['b'], pinIds: ['o'] });
    expect(await inBoth()).toEqual([
      ['n', 'new'],
      ['n', 'new'],
    ]);
    await live.removePins(['n']);
    expect(await inBoth()).toEqual([[], []]);
    await pool.close();
  });

  test('go on through compactions, and then see what came since', async () => {
    const pool = livePool(live, { threads: 1 });
    let walks = 0;
    const state = { done: false };
    const walking = (async () => {
      for (; !state.done; walks++)
        expect(await pool.use((walked) => reached(walked, 'm'))).toEqual(expect.arrayContaining(['n', 'o']));
    })();
    for (const pin of ['0 sorts first', 'zz']) {
      await live.addEdges({ boardIds: ['a'], pinIds: [pin] });
      await live.compact();
      await live.addEdges({ boardIds: ['b'], pinIds: [`after ${pin}`] });
    }
    const all = ['0 sorts first', 'after 0 sorts first', 'after zz', 'n', 'o', 'zz'];
    // Threads over the newest memory may still be starting.
    while ((await pool.use((walked) => reached(walked, 'm'))).join() !== all.join()) walks++;
    state.done = true;
    await walking;
    await pool.close();
    expect(walks).toBeGreaterThan(0);
  });
});
