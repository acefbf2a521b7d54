import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Graph } from '../../src/graph/graph.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { memoryGraph, withoutEdges } from '../../src/graph/memory-graph.js';
import { openGraph } from '../../src/graph/open.js';
import { pruneGraph } from '../../src/graph/prune-graph.js';
import { relate } from '../../src/graph/relate.js';
import { relationsNamed } from '../../src/graph/relations.js';
import { writeGraph } from '../../src/graph/write.js';
import { parseRelations, relateDirectory } from '../../src/pipeline/graphs/relate-directory.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-relate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A graph of edges written as `board pin`; pins and boards in the order given, then as they come. */
function graphOf(edges: readonly string[], pins: readonly string[] = []): Graph {
  const parts = edges.map((edge) => edge.split(' '));
  const boardIds = [...new Set(parts.map(([board]) => board))];
  const pinIds = [...new Set([...pins, ...parts.map(([, pin]) => pin)])];
  return memoryGraph({
    pins: pinIds,
    boards: boardIds,
    edges: {
      boards: Uint32Array.from(parts, ([board]) => boardIds.indexOf(board)),
      pins: Uint32Array.from(parts, ([, pin]) => pinIds.indexOf(pin)),
    },
  });
}

const saves = () => graphOf(['a u', 'a v', 'b v', 'b w'], ['u', 'v', 'w', 'x']);
const searches = () =>
  graphOf(['red w', 'red u', 'red stranger', 'blue x', 'blue v'], ['stranger', 'x', 'w', 'v', 'u']);

/** What stands beside a pin in a relation, by ids. */
function beside({ pins, relations }: Graph, id: string, name = 'searches'): string[] {
  const topology = relations.find((relation) => relation.name === name)?.topology;
  if (!topology) return [];
  const nodes = neighboursOf(topology.pins, pins.indexOf(id));
  const found = Array.from(nodes).flatMap((node) =>
    Array.from(neighboursOf(topology.boards, node), (pin) => pins.id(pin)),
  );
  return found.filter((other) => other !== id).sort();
}

describe('a graph with relations', () => {
  test('has the same pins in all, by their ids', () => {
    const { graph, related } = relate(saves(), 'searches', searches());
    expect(related).toEqual({ name: 'searches', edges: 4, unknownEdges: 1, pins: 4 });
    expect(beside(graph, 'u')).toEqual(['w']);
    expect(beside(graph, 'x')).toEqual(['v']);
    const again = relate(graph, 'searches', graphOf(['green u', 'green v'])).graph;
    expect(again.relations).toHaveLength(1);
    expect(beside(again, 'u')).toEqual(['v']);
    const two = relate(graph, 'closeups', graphOf(['s u', 's x'])).graph;
    expect(two.relations.map(({ name }) => name)).toEqual(['closeups', 'searches']);
    expect(beside(two, 'u', 'closeups')).toEqual(['x']);
  });

  test('refuses names that make no folder, and a graph of other pins', () => {
    for (const name of ['', '../up', 'Searches', 'a b', 'x'.repeat(33)])
      expect(() => relate(saves(), name, searches())).toThrow(/cannot be named/);
    expect(() => relate(saves(), 'searches', graphOf(['red 1', 'red 2']))).toThrow(/its first pin is "1".*"u"/);
    expect(() => parseRelations(['searches'])).toThrow(/NAME=GRAPH/);
    expect(() => parseRelations(['a=b', 'a=c'])).toThrow(/twice/);
  });

  test('lies in a directory whole, checked like the rest of it', async () => {
    const [plain, other, out] = ['plain', 'searches', 'out'].map((name) => join(folder, name));
    const before = await writeGraph(plain, saves());
    await writeGraph(other, searches());
    const { manifest, related } = await relateDirectory(plain, new Map([['searches', other]]), out);
    expect(related).toMatchObject([{ edges: 4 }]);
    expect(manifest.relations).toEqual([{ name: 'searches', nodes: 2, edges: 4 }]);
    expect(manifest.id).not.toBe(before.id);
    const opened = await openGraph(out, { checksums: true });
    for (const pin of ['u', 'v', 'w', 'x'])
      expect(beside(opened, pin)).toEqual(beside(relate(saves(), 'searches', searches()).graph, pin));
    await expect(relateDirectory(plain, new Map([['searches', other]]), out)).rejects.toThrow(/--force/);
    await relateDirectory(out, new Map([['closeups', plain]]), out, { force: true });
    expect((await openGraph(out)).relations.map(({ name }) => name)).toEqual(['closeups', 'searches']);

    await expect(relateDirectory(plain, new Map([['searches', other]]), other, { force: true })).rejects.toMatchObject({
      code: 'bad_option',
      message: expect.stringContaining('is the relation searches'),
    });
    expect((await openGraph(other)).relations).toEqual([]);

    const file = join(out, 'relations', 'searches', 'pins.adjacency.arrow');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    await expect(openGraph(out, { checksums: true })).rejects.toMatchObject({ code: 'checksum', subject: { file } });
    const path = join(out, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"name": "searches"', '"name": "lost"'));
    await expect(openGraph(out)).rejects.toThrow(/"relations"/);
  });

  test('keeps the list of rejected rows that its graph had', async () => {
    const [plain, other] = ['plain', 'searches'].map((name) => join(folder, name));
    await writeGraph(plain, saves());
    await writeGraph(other, searches());
    writeFileSync(join(plain, 'rejects.parquet'), 'rows');
    await relateDirectory(plain, new Map([['searches', other]]), plain, { force: true });
    expect(readFileSync(join(plain, 'rejects.parquet'), 'utf8')).toBe('rows');
    const live = await openLiveGraph(plain);
    await live.removePins(['v']);
    await live.compact();
    await live.close();
    expect(readFileSync(join(plain, 'rejects.parquet'), 'utf8')).toBe('rows');
  });

  test('keeps them where pins are renumbered, come and go', async () => {
    const path = join(folder, 'graph');
    await writeGraph(path, relate(saves(), 'searches', searches()).graph);
    const live = await openLiveGraph(path);
    await live.addEdges({ boardIds: ['a', 'b'], pinIds: ['first', 'first'] });
    await live.removePins(['v']);
    await live.compact();
    await live.close();
    const graph = await openGraph(path, { checksums: true });
    expect(graph.pins.ids()).toEqual(['first', 'u', 'w', 'x']);
    expect(beside(graph, 'u')).toEqual(['w']);
    expect(beside(graph, 'x')).toEqual([]);
    expect(beside(graph, 'first')).toEqual([]);
  });

  test('says nothing of pins that are hidden whole, for such a pin stands for a new one', () => {
    const { graph } = relate(saves(), 'searches', searches());
    // Edges in the order of the boards: a u, a v, b v, b w.
    const hidden = withoutEdges(graph, Uint8Array.of(1, 0, 1, 0));
    expect(beside(hidden, 'u')).toEqual([]);
    expect(beside(hidden, 'w')).toEqual([]);
    // x was on no board before either: what is known of it was known without boards.
    expect(beside(hidden, 'x')).toEqual(['v']);
    expect(withoutEdges(graph, new Uint8Array(4)).relations).toBe(graph.relations);
    expect(pruneGraph(graph, { minimumBoards: 2 }).graph.relations).toBe(graph.relations);
  });

  test('lacks none that a model reads', () => {
    const { graph } = relate(saves(), 'searches', searches());
    expect(relationsNamed(graph, ['searches'])).toHaveLength(1);
    expect(() => relationsNamed(graph, ['searches', 'closeups'])).toThrow(/"closeups".*boardwalk relate/);
  });
});
