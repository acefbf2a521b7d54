import { beforeAll, describe, expect, it } from 'vitest';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { embedLayerWise } from '../../src/embedding/layer-wise.js';
import { PinEmbedder } from '../../src/embedding/pin-embedder.js';
import { renewTable } from '../../src/embedding/renew-table.js';
import { degreesOf, type Graph } from '../../src/graph/graph.js';
import type { Rows } from '../../src/linear/rows.js';
import { type Backend, openBackend } from '../../src/model/backends.js';
import { encodeNodes } from '../../src/model/board-features.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { openEncoder } from '../../src/model/open-encoder.js';
import { vectorColumns, withAxes, withoutAxes } from '../../src/model/pin-axes.js';
import { idsAloneDefaults, pinSageSpec } from '../../src/model/spec.js';
import { walksOf } from '../../src/model/walks.js';
import type { PinSageModel } from '../../src/model/weights.js';
import { random } from '../../src/random.js';
import { nodeNeighbourhoods } from '../../src/sampling/board-neighbourhoods.js';
import { walkPool } from '../../src/sampling/pool.js';
import { plantedGraph } from '../training/planted-graph.js';

const seed = 5;
const dimension = 8;
const columns = 3;
const spec = pinSageSpec({ features: { width: dimension }, dimension, neighbours: 4, steps: 40 }, idsAloneDefaults);

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('wasm');
});

async function untrained(graph: Graph): Promise<PinSageModel> {
  const fit = await fitFeatures(graph, spec.features, seed);
  return { spec, features: fit.features, weights: initialWeights(spec, fit, seed) };
}

/** Somewhere, where a pin has boards. */
function placesFor({ topology }: Graph): Rows {
  const source = random(9);
  const places = [...degreesOf(topology.pins)].flatMap((boards) =>
    Array.from({ length: columns }, () => (boards > 0 ? source.normal() : 0)),
  );
  return { width: columns, values: Float32Array.from(places) };
}

function tail(vectors: Float32Array, pin: number): number[] {
  const width = dimension + columns;
  return [...vectors.subarray(pin * width + dimension, (pin + 1) * width)];
}

describe('places on axes', () => {
  const graph = plantedGraph({ text: false, lonelyEach: 0 });
  const places = placesFor(graph);

  it('stand behind what the model makes without them', async () => {
    const model = await untrained(graph);
    const before = await embedPins(graph, model, { backend, seed, threads: 0 });
    const placed = withAxes(model, graph, places);
    const after = await embedPins(graph, placed, { backend, seed, threads: 0 });
    expect(vectorColumns(placed)).toBe(dimension + columns);
    expect(after).toHaveLength(graph.pins.size * (dimension + columns));
    for (let pin = 0; pin < graph.pins.size; pin++) {
      const from = pin * (dimension + columns);
      expect(after.subarray(from, from + dimension)).toEqual(before.subarray(pin * dimension, (pin + 1) * dimension));
      expect(tail(after, pin)).toEqual([...places.values.subarray(pin * columns, (pin + 1) * columns)]);
    }
    expect((await renewTable(graph, placed, { modelId: 'm', backend, seed, threads: 0 })).table.dimension).toBe(11);
  });

  it('are the same block by block in threads, and pin by pin', async () => {
    const model = withAxes(await untrained(graph), graph, places);
    const expected = await embedPins(graph, model, { backend, seed, threads: 0 });
    const pool = walkPool(graph.topology, { threads: 1 });
    const neighbourhoods = await nodeNeighbourhoods(pool, walksOf(spec, seed, 0)).finally(() => pool.close());
    const encoder = openEncoder(spec, model.weights);
    const inputs = encodeNodes(graph, spec, { features: model.features, fitted: model.weights });
    const inThreads = await embedLayerWise(encoder, inputs, neighbourhoods, { blockSize: 16, threads: 2 });
    encoder.dispose();
    expect(inThreads).toEqual(expected);

    const embedder = await PinEmbedder.open(model, graph, seed);
    const pins = Uint32Array.from([77, 3, 29]);
    const found = embedder.embed(graph, pins);
    expect(embedder.dimension).toBe(dimension + columns);
    for (const [row, pin] of pins.entries()) expect(tail(found, row)).toEqual(tail(expected, pin));
    embedder.dispose();
  });

  it('go with the ids of pins, and one that has come since has zeros', async () => {
    const model = withAxes(await untrained(graph), graph, places);
    const grown = plantedGraph({ text: false, lonelyEach: 0, pinsEach: 31 });
    const vectors = await embedPins(grown, model, { backend, seed, threads: 0 });
    for (const id of ['pin 0/0', 'pin 3/7', 'pin 7/29']) {
      const old = graph.pins.indexOf(id);
      expect(tail(vectors, grown.pins.indexOf(id))).toEqual([
        ...places.values.subarray(old * columns, (old + 1) * columns),
      ]);
    }
    expect(tail(vectors, grown.pins.indexOf('pin 3/30'))).toEqual([0, 0, 0]);
  });

  it('can be taken off again', async () => {
    const model = await untrained(graph);
    expect([...withoutAxes(withAxes(model, graph, places)).weights.keys()]).toEqual([...model.weights.keys()]);
    expect(vectorColumns(withAxes(model, graph, { width: 0, values: new Float32Array(0) }))).toBe(dimension);
  });
});

it('no table is made for a graph without pins', async () => {
  const model = await untrained(plantedGraph({ text: false }));
  const nothing = plantedGraph({ communities: 0 });
  await expect(renewTable(nothing, model, { modelId: 'm', backend, seed, threads: 0 })).rejects.toMatchObject({
    code: 'bad_option',
    subject: { field: 'graph' },
  });
});
