import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildGraph } from '../../../src/graph/build.js';
import { edgeCount, neighboursOf } from '../../../src/graph/graph.js';
import { openLiveGraph } from '../../../src/graph/live/open-live-graph.js';
import { readManifest } from '../../../src/graph/manifest.js';
import { memoryGraph } from '../../../src/graph/memory-graph.js';
import { openGraph } from '../../../src/graph/open.js';
import { pinTopics } from '../../../src/graph/pin-topics.js';
import { pruneGraph } from '../../../src/graph/prune-graph.js';
import { buildPruned } from '../../../src/pipeline/graphs/build-pruned.js';
import { measurePruning } from '../../../src/pipeline/graphs/prune-cost.js';
import { pruneDirectory } from '../../../src/pipeline/graphs/prune-directory.js';
import { compareMeasures } from '../../../src/pipeline/graphs/walk-recall.js';
import { silentProgress } from '../../../src/progress.js';
import { plantedGraph } from '../../graph/planted-topics.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-prune-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("pins' topics", () => {
  const graph = memoryGraph({
    pins: ['a', 'b', 'c', 'unlinked'],
    boards: ['x'],
    edges: { boards: Uint32Array.of(0, 0, 0), pins: Uint32Array.of(0, 1, 2) },
    pinAttributes: { topic: ['food', null, 'food', null], title: ['A', null, null, null] },
  });

  test('are those given, where half of the linked pins have one', () => {
    const { source, topics } = pinTopics(graph);
    expect([source, topics.count]).toEqual(['attribute', 1]);
    const fewer = { ...graph, pinAttributes: { names: graph.pinAttributes.names, get: () => null } };
    expect(pinTopics(fewer).source).toBe('communities');
  });

  test('do not matter to pins without content, whose edges go when asked', () => {
    const { graph: pruned, record } = pruneGraph(graph, { entropy: 0, delta: 1, contentOnly: true });
    expect([...neighboursOf(pruned.topology.boards, 0)]).toEqual([0]);
    expect(record.pins).toEqual({ dropped: 2, edges: 2 });
  });
});

describe('the cost of pruning', () => {
  test('is nothing where nothing is pruned, and all where everything is', () => {
    const { graph } = plantedGraph({ boards: 300 });
    const none = measurePruning(graph, { entropy: 0, delta: 1 }, { boards: 100, steps: 2_000 })!;
    expect(none.boards).toBe(100);
    for (const { before, after, error } of Object.values(none.measures)) {
      expect(before).toBeGreaterThan(0);
      expect([after, error]).toEqual([before, 0]);
    }
    const all = measurePruning(graph, { minimumBoards: 1000 }, { boards: 100, steps: 2_000 })!;
    expect(all.measures['recall@20']).toMatchObject({ before: none.measures['recall@20'].before, after: 0 });
  });

  test('is not measured where boards are too small to hide a pin of', () => {
    expect(measurePruning(plantedGraph({ size: 4 }).graph, {})).toBeUndefined();
  });

  test('is a mean of paired differences with its standard error', () => {
    const before = { 'recall@1': Float64Array.of(0, 0.5, 1, 1) };
    const after = { 'recall@1': Float64Array.of(0.5, 0.5, 1, 0) };
    // Differences 0.5, 0, 0, -1 about their mean of -0.125.
    const variance = (0.625 ** 2 + 2 * 0.125 ** 2 + 0.875 ** 2) / 4;
    const { 'recall@1': compared } = compareMeasures(before, after);
    expect(compared.before).toBe(0.625);
    expect(compared.after).toBe(0.5);
    expect(compared.error).toBeCloseTo(Math.sqrt(variance / 4), 12);
  });
});

describe('a pruned build', () => {
  test('keeps every node, the columns of its edges and what was done, and leaves no whole graph behind', async () => {
    const { graph, pins } = plantedGraph();
    const rows = graph.boards
      .ids()
      .flatMap((board, b) =>
        [...neighboursOf(graph.topology.boards, b)].map(
          (pin) => `${board},${graph.pins.id(pin)},part ${pin % 3},${pin}\n`,
        ),
      );
    const edges = join(folder, 'edges.csv');
    writeFileSync(edges, `board_id,pin_id,section,weight\n${rows.join('')},no board,,\n`);
    const topics = join(folder, 'topics.csv');
    const lines = graph.pins.ids().map((id, pin) => `${id},topic ${pins[pin]}\n`);
    writeFileSync(topics, `pin_id,topic\n${lines.join('')}`);
    const out = join(folder, 'graph');
    const built = { edges: [edges], topics, out, maxRejects: '1', order: ['topic'] as const };
    const own = `${out}.unpruned`;
    await buildGraph({ ...built, out: own });
    const entries = readdirSync(folder);
    const { manifest, pruning } = await buildPruned(built, { prune: { delta: 0.7 }, cost: { boards: 50, steps: 500 } });

    expect(existsSync(own)).toBe(true);
    expect(readdirSync(folder)).toEqual([...entries, 'graph'].sort());
    expect(existsSync(join(out, 'rejects.parquet'))).toBe(true);
    expect(readManifest(out).provenance.pruning).toEqual(pruning);
    expect(pruning.topics).toEqual({ source: 'attribute', count: 4 });
    expect(pruning.cost?.boards).toBe(50);
    const pruned = await openGraph(out, { checksums: true });
    expect(edgeCount(pruned)).toBe(pruning.edges.after);
    expect(pruning.edges).toEqual({ before: rows.length, after: manifest.counts.edges });
    expect(manifest.counts.edges).toBeLessThan(0.9 * rows.length);
    expect(new Set(pruned.boards.ids())).toEqual(new Set(graph.boards.ids()));
    expect(pruned.order!.range('pins', { topic: 'topic 2' })).toBeDefined();
    const { weight, sections } = pruned.edges;
    for (const [edge, pin] of pruned.topology.boards.neighbours.entries()) {
      const number = Number(pruned.pins.id(pin).slice(4));
      expect(weight![edge]).toBe(number);
      expect(sections!.names[sections!.codes[edge] - 1]).toBe(`part ${number % 3}`);
    }
    await expect(buildPruned(built, { prune: {}, cost: false })).rejects.toThrow('exists');
    const live = await openLiveGraph(out);
    await live.addEdges({ boardIds: ['new'], pinIds: ['new'] });
    await live.close();
    await expect(pruneDirectory(out, `${out}-3`)).rejects.toThrow('boardwalk compact');
    const before = readdirSync(folder);
    const elsewhere = { ...built, out: `${out}-2` };
    await expect(buildPruned(elsewhere, { prune: { delta: 2 }, cost: false })).rejects.toThrow('δ is 2');
    const listed = `${out}-2.rejects.parquet`;
    await expect(buildPruned({ ...elsewhere, maxRejects: '0' }, { prune: {}, cost: false })).rejects.toThrow(listed);
    const stage = (name: string) => {
      if (name === 'pruning') throw new Error('no memory left');
      return silentProgress.stage(name);
    };
    const failing = { ...elsewhere, progress: { ...silentProgress, stage } };
    await expect(buildPruned(failing, { prune: {}, cost: false })).rejects.toThrow('no memory left');
    expect(readdirSync(folder)).toEqual([...before, 'graph-2.rejects.parquet'].sort());
  });
});
