import { tableFromIPC } from 'apache-arrow';
import * as fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { edgeCount, type Graph } from '../../src/graph/graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { openGraph } from '../../src/graph/open.js';
import { writeGraph } from '../../src/graph/write.js';

/** What happens, once, when the adjacency of a graph has been read and its nodes have not. */
let betweenFiles = (): void => {};
vi.mock('../../src/graph/adjacency-file.js', async (load) => {
  const real = await load<typeof import('../../src/graph/adjacency-file.js')>();
  const openTopology = (directory: string) => {
    const topology = real.openTopology(directory);
    const happen = betweenFiles;
    betweenFiles = () => {};
    happen();
    return topology;
  };
  return { ...real, openTopology };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-graph-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const oddIds = [
  '007',
  'a/b',
  ' spaced ',
  '\ufeffmark',
  '🧶✨',
  'x'.repeat(500),
  'line\nbreak',
  '"quoted"',
  '%2F?#',
  '-1',
];

function sample(): Graph {
  const graph = memoryGraph({
    pins: oddIds,
    boards: ['board/1', 'пример', 'empty'],
    edges: { boards: Uint32Array.of(0, 0, 1, 1, 1), pins: Uint32Array.of(2, 0, 9, 1, 4) },
    pinAttributes: {
      title: oddIds.map((id, index) => (index % 3 === 0 ? null : `title of ${id}`)),
      created_at: oddIds.map((_, index) => (index === 2 ? null : new Date(index * 1e11).toISOString())),
    },
    boardAttributes: { owner: ['org-1', null, 'org-2'] },
    features: [{ name: 'look/feel', dimension: 3, values: Float32Array.from({ length: 30 }, (_, i) => i / 7) }],
  });
  return {
    ...graph,
    edges: { addedAt: Float64Array.of(1, Number.NaN, 3e12, 4, 5), weight: Float32Array.of(1, 2, 0.5, Number.NaN, 4) },
  };
}

const plain = (values: ArrayLike<number> | undefined) => values && Array.from(values);

function contents(graph: Graph) {
  const cells = (side: 'pins' | 'boards') => {
    const attributes = side === 'pins' ? graph.pinAttributes : graph.boardAttributes;
    return graph[side].ids().map((_, index) => attributes.names.map((name) => [name, attributes.get(name, index)]));
  };
  return {
    pins: graph.pins.ids(),
    boards: graph.boards.ids(),
    topology: [graph.topology.pins, graph.topology.boards].map((side) => [plain(side.offsets), plain(side.neighbours)]),
    pinCells: cells('pins'),
    boardCells: cells('boards'),
    features: graph.features.map((feature) => ({ ...feature, values: plain(feature.values) })),
    edges: { addedAt: plain(graph.edges.addedAt), weight: plain(graph.edges.weight) },
  };
}

describe('a graph directory', () => {
  test('gives back what was written, odd ids included', async () => {
    const graph = sample();
    await writeGraph(join(folder, 'graph'), graph);
    expect(contents(await openGraph(join(folder, 'graph'), { checksums: true }))).toEqual(contents(graph));
  });

  test('has an id that depends on what it holds and not on when it was written', async () => {
    const first = await writeGraph(join(folder, 'one'), sample());
    const second = await writeGraph(join(folder, 'two'), sample(), { provenance: { tool: 'another' } });
    const edited = sample();
    const other = await writeGraph(join(folder, 'three'), { ...edited, edges: { weight: edited.edges.weight } });
    expect(second.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
  });

  test('opens both adjacencies as views of one shared WebAssembly memory', async () => {
    await writeGraph(join(folder, 'graph'), sample());
    const { pins, boards, memory } = (await openGraph(join(folder, 'graph'))).topology;
    expect(memory?.buffer).toBeInstanceOf(SharedArrayBuffer);
    for (const side of [pins, boards])
      for (const column of [side.offsets, side.neighbours]) expect(column.buffer).toBe(memory?.buffer);
  });

  test('that is replaced while it is opened opens as the new one, whole', async () => {
    const path = join(folder, 'graph');
    const ids = { old: ['b', 'c'], new: ['a', 'b'] };
    for (const [name, pins] of Object.entries(ids)) {
      const edges = { boards: Uint32Array.of(0), pins: Uint32Array.of(pins.indexOf('b')) };
      await writeGraph(join(folder, name), memoryGraph({ pins, boards: ['board'], edges }));
    }
    renameSync(join(folder, 'old'), path);
    betweenFiles = () => {
      rmSync(path, { recursive: true });
      renameSync(join(folder, 'new'), path);
    };
    const graph = await openGraph(path);
    expect(graph.pins.ids()).toEqual(ids.new);
    expect(graph.pins.id(graph.topology.boards.neighbours[0])).toBe('b');
  });

  test('that a killed run has moved aside is read where it lies', async () => {
    const path = join(folder, 'graph');
    const graph = sample();
    await writeGraph(path, graph);
    const aside = `.graph.replaced-${2 ** 30}-0a1b2c3d`;
    renameSync(path, join(folder, aside));
    const opened = await openGraph(path);
    expect(contents(opened)).toEqual(contents(graph));
    expect(readdirSync(folder)).toEqual([aside]);
  });

  test('survives graphs without edges, without boards and without anything', async () => {
    const none = new Uint32Array(0);
    const cases = { edgeless: [['a', 'b'], ['c']], boardless: [['a'], []], empty: [[], []] } as const;
    for (const [name, [pins, boards]] of Object.entries(cases)) {
      await writeGraph(join(folder, name), memoryGraph({ pins, boards, edges: { boards: none, pins: none } }));
      const graph = await openGraph(join(folder, name));
      expect([graph.pins.size, graph.boards.size, edgeCount(graph)]).toEqual([pins.length, boards.length, 0]);
      expect(graph.topology.pins.offsets).toHaveLength(pins.length + 1);
    }
  });

  test('keeps any well-formed text as an id and as a title', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 12 }), fc.array(text), async (ids, titles) => {
        const title = ids.map((_, index) => titles[index] ?? null);
        const edges = { boards: new Uint32Array(0), pins: new Uint32Array(0) };
        const path = join(folder, String(run++));
        await writeGraph(path, memoryGraph({ pins: ids, boards: [], edges, pinAttributes: { title } }));
        const graph = await openGraph(path);
        expect(graph.pins.ids()).toEqual(ids);
        expect(ids.map((id) => graph.pins.indexOf(id))).toEqual([...ids.keys()]);
        expect(ids.map((_, index) => graph.pinAttributes.get('title', index))).toEqual(title);
      }),
      { numRuns: 60 },
    );
  });

  test('reads with the plain Arrow reader as a list column', async () => {
    await writeGraph(join(folder, 'graph'), sample());
    const table = tableFromIPC(readFileSync(join(folder, 'graph', 'boards.adjacency.arrow')));
    const rows = Array.from(table.getChild('neighbours')!, (row) => [...row]);
    expect(rows).toEqual([[0, 2], [1, 4, 9], []]);
    const edges = tableFromIPC(readFileSync(join(folder, 'graph', 'boards.edges.arrow')));
    expect(Array.from(edges.getChild('weight')!)).toEqual([1, 2, 0.5, null, 4]);
  });

  test('orders edge columns by pin in the file that is seen from pins', async () => {
    await writeGraph(join(folder, 'graph'), sample());
    const edges = tableFromIPC(readFileSync(join(folder, 'graph', 'pins.edges.arrow')));
    // boards.neighbours is 0 2 | 1 4 9, so in ascending pins the edges are numbers 0, 2, 1, 3, 4.
    expect(Array.from(edges.getChild('weight')!)).toEqual([1, 0.5, 2, null, 4]);
  });
});

describe('a damaged graph directory is refused', () => {
  const cases: [string, RegExp, (path: string) => void][] = [
    ['a file missing', /missing/, (path) => rmSync(join(path, 'boards.adjacency.arrow'))],
    ['no manifest', /no graph directory/, (path) => rmSync(join(path, 'manifest.json'))],
    [
      'another format version',
      /format version 99/,
      (path) => {
        const file = join(path, 'manifest.json');
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version: 99 }));
      },
    ],
  ];
  for (const [name, message, damage] of cases)
    test(name, async () => {
      const path = join(folder, 'graph');
      await writeGraph(path, sample());
      damage(path);
      await expect(openGraph(path, { checksums: true })).rejects.toThrow(message);
    });
});

describe('writing over an existing folder', () => {
  test('needs force, and leaves no temporary folder behind', async () => {
    const path = join(folder, 'graph');
    await writeGraph(path, sample());
    await expect(writeGraph(path, sample())).rejects.toThrow(/--force/);
    await writeGraph(
      path,
      memoryGraph({ pins: ['only'], boards: [], edges: { boards: new Uint32Array(0), pins: new Uint32Array(0) } }),
      { force: true },
    );
    expect((await openGraph(path)).pins.ids()).toEqual(['only']);
    expect(readdirSync(folder)).toEqual(['graph']);
  });
});
