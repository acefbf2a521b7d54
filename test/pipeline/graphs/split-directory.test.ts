import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateFiles } from '../../../src/evaluation/evaluate-files.js';
import { readTestPairs } from '../../../src/evaluation/test-pairs.js';
import { edgeCount, neighboursOf } from '../../../src/graph/graph.js';
import { readManifest } from '../../../src/graph/manifest.js';
import { openGraph } from '../../../src/graph/open.js';
import { writeGraph } from '../../../src/graph/write.js';
import { type SplitKind, splitDirectory, splitKinds } from '../../../src/pipeline/graphs/split-directory.js';
import { smallGraph } from '../../candidates/small-graph.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-split-'));
const whole = smallGraph(60, 40, 8);
const directory = join(folder, 'graph');
beforeAll(async () => {
  const addedAt = Float64Array.from({ length: edgeCount(whole) }, (_, edge) => 1e12 + 1000 * ((edge * 37) % 101));
  await writeGraph(directory, { ...whole, edges: { addedAt } });
});
afterAll(() => rmSync(folder, { recursive: true }));

const parts = (out: string) => ({ graph: join(out, 'graph'), test: join(out, 'test.parquet') });

describe.each(splitKinds)('a split by %s', (by: SplitKind) => {
  const out = join(folder, by);

  it('deals every edge either to the graph or to the test, which evaluate reads', async () => {
    const split = await splitDirectory(directory, out, { by, share: 0.2, minimumPins: 3 });
    const { graph, test } = parts(out);
    const train = await openGraph(graph);
    const pairs = await readTestPairs(test, ['board_id']);
    expect([split.trainEdges, split.testEdges]).toEqual([edgeCount(train), pairs.pins.length]);
    const edges = (of: typeof whole): string[] =>
      Array.from({ length: of.boards.size }, (_, board) =>
        [...neighboursOf(of.topology.boards, board)].map((pin) => `${of.boards.id(board)} ${of.pins.id(pin)}`),
      ).flat();
    const tested = pairs.from.map((board, i) => `${board} ${pairs.pins[i]}`);
    expect([...edges(train), ...tested].sort()).toEqual(edges(whole).sort());
    expect(train.pins.size).toBe(whole.pins.size);
    const report = await evaluateFiles({
      graph,
      test,
      task: 'board',
      tune: false,
      pairsPerBoard: 1,
      options: { methods: ['popularity'], ks: [5], threads: 0 },
    });
    expect(report.split.test_boards).toBe(split.testBoards);
    expect(readManifest(graph).provenance).toMatchObject({ sources: [], options: { split: { by, share: 0.2 } } });
  });

  it('takes no folder that exists but by force', async () => {
    await expect(splitDirectory(directory, out, { by })).rejects.toMatchObject({ code: 'bad_option' });
    await splitDirectory(directory, out, { by, share: 0.3, minimumPins: 3, force: true });
  });
});

describe('splits', () => {
  it('by cold hide every edge of the test pins, and by time none before a moment', async () => {
    const cold = await splitDirectory(directory, join(folder, 'cold pins'), { by: 'cold', share: 0.2 });
    expect(cold.coldTestPins).toBe(cold.testPins);
    expect(cold.testPins).toBe(12);
    const time = await splitDirectory(directory, join(folder, 'later'), { by: 'time', share: 0.2 });
    const train = await openGraph(join(folder, 'later', 'graph'));
    expect(Math.max(...train.edges.addedAt!)).toBeLessThan(Date.parse(time.since!));
  });

  it('say why nothing can be hidden', async () => {
    const out = join(folder, 'none');
    await expect(splitDirectory(directory, out, { by: 'board', minimumPins: 50 })).rejects.toThrow(/minimum-pins/);
    await expect(splitDirectory(directory, out, { by: 'cold', share: 0.001 })).rejects.toThrow(/Raise --share/);
  });
});
