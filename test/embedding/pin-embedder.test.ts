import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { PinEmbedder } from '../../src/embedding/pin-embedder.js';
import { rowOfEachEdge } from '../../src/graph/adjacency.js';
import type { Graph } from '../../src/graph/graph.js';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { openGraph } from '../../src/graph/open.js';
import { writeGraph } from '../../src/graph/write.js';
import { type Backend, openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { type PartialPinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import type { PinSageModel } from '../../src/model/weights.js';
import { plantedGraph } from '../training/planted-graph.js';
import { withSessions } from '../training/planted-relation.js';

const seed = 5;
const convolutions: PartialPinSageSpec = {
  features: { width: 8, textBuckets: 64 },
  hidden: 12,
  dimension: 8,
  neighbours: 4,
  steps: 40,
};
const sums: PartialPinSageSpec = {
  ...convolutions,
  aggregator: 'linear',
  layers: 1,
  features: { ...convolutions.features, ids: 'always' },
};

let backend: Backend;
let folder: string;
beforeAll(async () => {
  backend = await openBackend('wasm');
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-new-pins-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function untrained(graph: Graph, of: PartialPinSageSpec): Promise<PinSageModel> {
  const spec = pinSageSpec(of);
  const fit = await fitFeatures(graph, spec.features, seed);
  return { spec, features: fit.features, weights: initialWeights(spec, fit, seed) };
}

/** The first pins of a graph, with the boards as they are without the others. */
function firstPins(graph: Graph, count: number): Graph {
  const { boards } = graph.topology;
  const rows = rowOfEachEdge(boards);
  const kept = (_: number, edge: number): boolean => boards.neighbours[edge] < count;
  return memoryGraph({
    pins: graph.pins.ids().slice(0, count),
    boards: graph.boards.ids(),
    edges: { boards: rows.filter(kept), pins: boards.neighbours.filter(kept) },
    pinAttributes: { text: Array.from({ length: count }, (_, pin) => graph.pinAttributes.get('text', pin)) },
  });
}

describe('pins embedded one by one', () => {
  it.each([
    ['convolutions', convolutions],
    ['max pooling', { ...convolutions, pooling: 'max' }],
    ['sums over words and ids', sums],
    ['three layers of sums', { ...sums, layers: 3 }],
    ['convolutions over two graphs', convolutions, true],
    ['sums over two graphs', { ...sums, layers: 2 }, true],
  ] as [string, PartialPinSageSpec, boolean?][])(
    'have the vectors of the table: %s',
    async (_, of, related = false) => {
      const graph = related ? withSessions(plantedGraph()) : plantedGraph();
      const model = await untrained(graph, of);
      const table = await embedPins(graph, model, { backend, seed, threads: 0 });
      const embedder = await PinEmbedder.open(model, graph, seed);
      // Some that are on boards, one that is on none, and in no order.
      const pins = Uint32Array.from([77, 3, 29, 200]);
      const found = embedder.embed(graph, pins);
      const { dimension } = embedder;
      for (const [row, pin] of pins.entries())
        for (let i = 0; i < dimension; i++)
          expect(found[row * dimension + i]).toBeCloseTo(table[pin * dimension + i], 5);
      embedder.dispose();
    },
  );

  it.each([
    ['convolutions', convolutions],
    ['sums', sums],
  ] as const)('need not be in the graph that the model was made for: %s', async (name, of) => {
    const grown = plantedGraph({ lonelyEach: 0 });
    const last = grown.pins.size - 1;
    const base = firstPins(grown, last);
    const model = await untrained(base, of);
    const directory = join(folder, name);
    await writeGraph(directory, base);
    const opened = await openGraph(directory);
    const live = await openLiveGraph(directory, {}, opened);
    const embedder = await PinEmbedder.open(model, opened, seed);
    const id = grown.pins.id(last);
    const boards = [...grown.topology.pins.neighbours.subarray(grown.topology.pins.offsets[last])];

    await live.addPins([{ id, text: grown.pinAttributes.get('text', last) ?? '' }]);
    const contentAlone = embedder.embed(live.view, Uint32Array.of(live.view.pins.indexOf(id)));
    await live.addEdges({ boardIds: boards.map((board) => grown.boards.id(board)), pinIds: boards.map(() => id) });
    const placed = embedder.embed(live.view, Uint32Array.of(live.view.pins.indexOf(id)));

    const expected = await embedPins(grown, model, { backend, seed, threads: 0 });
    placed.forEach((value, i) => expect(value).toBeCloseTo(expected[last * embedder.dimension + i], 5));
    expect(Array.from(contentAlone)).not.toEqual(Array.from(placed));
    expect(Math.hypot(...contentAlone)).toBeCloseTo(1, 5);
    embedder.dispose();
    await live.close();
  });

  it('is refused to transformers, which read boards', async () => {
    const graph = plantedGraph();
    const model = await untrained(graph, { ...convolutions, aggregator: 'transformer', heads: 3 });
    await expect(PinEmbedder.open(model, graph, seed)).rejects.toMatchObject({ code: 'bad_option' });
  });
});
