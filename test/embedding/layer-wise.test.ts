import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { embedLayerWise } from '../../src/embedding/layer-wise.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { type Backend, openBackend } from '../../src/model/backends.js';
import { encodeNodes } from '../../src/model/board-features.js';
import { batchRows, fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { openEncoder } from '../../src/model/open-encoder.js';
import { hopsOf, type PinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import { walksOf } from '../../src/model/walks.js';
import { nodeNeighbourhoods } from '../../src/sampling/board-neighbourhoods.js';
import { besideEachOther, relationNeighbourhoods } from '../../src/sampling/relation-neighbourhoods.js';
import { walkPool } from '../../src/sampling/pool.js';
import { plantedGraph } from '../training/planted-graph.js';
import { withSessions } from '../training/planted-relation.js';

const spec = pinSageSpec({
  features: { width: 8, textBuckets: 64 },
  hidden: 12,
  dimension: 6,
  neighbours: 4,
  steps: 40,
});
const transformer = { ...spec, aggregator: 'transformer', heads: 3, boardNeighbours: 5 } as const;
const sums = { ...spec, aggregator: 'linear' } as const;
const idsAlone = { ...sums, features: { ...spec.features, width: 6, logDegree: false }, layers: 3 } as const;
const seed = 5;
let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('wasm');
});

async function untrained(graph = plantedGraph(), of: PinSageSpec = spec) {
  const fit = await fitFeatures(graph, of.features, seed);
  return { spec: of, features: fit.features, weights: initialWeights(of, fit, seed), fit };
}

describe('layer by layer', () => {
  it.each([
    ['importance pooling', spec],
    ['mean pooling', { ...spec, pooling: 'mean' }],
    ['max pooling', { ...spec, pooling: 'max' }],
    ['a transformer', transformer],
    ['sums', sums],
    ['sums over ids', { ...sums, layers: 1, features: { ...spec.features, ids: 'always' } }],
    ['sums of ids alone', idsAlone],
    ['words without neighbours', { ...sums, layers: 0 }],
    ['ids without neighbours', { ...idsAlone, layers: 0 }],
    ['a transformer over ids alone', { ...idsAlone, ...transformer, features: idsAlone.features }],
    ['a transformer over ids', { ...transformer, features: { ...spec.features, ids: 'always' } }],
    ['importance pooling over two graphs', spec, true],
    ['max pooling over two graphs', { ...spec, pooling: 'max' }, true],
    ['sums over two graphs', { ...sums, layers: 2 }, true],
    ['a transformer over two graphs', transformer, true],
  ] as [string, PinSageSpec, boolean?][])(
    'gives what a forward pass over whole neighbourhoods gives, whatever the blocks: %s',
    async (_, pooled, related = false) => {
      const planted = plantedGraph({ text: pooled.features.logDegree });
      const graph = related ? withSessions(planted) : planted;
      const pins = graph.pins.size;
      const { fit, weights } = await untrained(graph, pooled);
      const pool = walkPool(graph.topology, { threads: 0 });
      const walks = walksOf(pooled, seed, 0);
      const others = await relationNeighbourhoods(graph.relations, walks, { threads: 0 });
      const neighbourhoods = besideEachOther(await nodeNeighbourhoods(pool, walks), others);
      const inputs = encodeNodes(graph, pooled, fit);
      const encoder = openEncoder(pooled, weights);
      // One batch whose layers hold every pin, so that rows are dense indices.
      const layer = {
        targets: pins,
        sources: pins,
        neighbours: neighbourhoods.size,
        indices: Int32Array.from(neighbourhoods.neighbours),
        weights: neighbourhoods.weights,
      };
      const everyPin = Uint32Array.from({ length: pins }, (_unused, pin) => pin);
      const boards = neighbourhoods.boards && {
        nodes: Uint32Array.from({ length: graph.boards.size }, (_unused, board) => board),
        neighbours: neighbourhoods.boards.size,
        indices: Int32Array.from(neighbourhoods.boards.neighbours),
        weights: neighbourhoods.boards.weights,
      };
      const batch = {
        nodes: everyPin,
        layers: Array.from({ length: hopsOf(pooled) }, () => layer),
        ...(boards && { boards }),
      };
      const whole = tf.tidy(() => encoder.forward(batch, batchRows(inputs, batch)).dataSync());
      for (const blockSize of [pins, 37, 1]) {
        const vectors = await embedLayerWise(encoder, inputs, neighbourhoods, { blockSize });
        expect(vectors).toHaveLength(whole.length);
        vectors.forEach((value, i) => expect(Math.abs(value - whole[i])).toBeLessThan(1e-5));
      }
      encoder.dispose();
    },
  );

  it.each([
    ['convolutions', spec],
    ['sums', sums],
    ['a transformer', transformer],
  ] as const)(
    'gives the same bits whatever the number of threads, and leaves the inputs as they are: %s',
    async (_, of) => {
      const graph = plantedGraph();
      const { fit, weights } = await untrained(graph, of);
      const pool = walkPool(graph.topology, { threads: 0 });
      const neighbourhoods = await nodeNeighbourhoods(pool, walksOf(of, seed, 0));
      const inputs = encodeNodes(graph, of, fit);
      expect(inputs.text).toBeDefined();
      const before = inputs.dense.values.slice();
      const encoder = openEncoder(of, weights);
      const [here, one, three] = await Promise.all(
        [0, 1, 3].map((threads) => embedLayerWise(encoder, inputs, neighbourhoods, { blockSize: 16, threads })),
      );
      expect(Buffer.from(one.buffer).equals(Buffer.from(here.buffer))).toBe(true);
      expect(Buffer.from(three.buffer).equals(Buffer.from(here.buffer))).toBe(true);
      expect(inputs.dense.values).toEqual(before);
      encoder.dispose();
    },
  );

  it.each([spec, transformer])('leaves no tensor behind and gives unit vectors: $aggregator', async (of) => {
    const graph = plantedGraph();
    const model = await untrained(graph, of);
    const before = tf.memory().numTensors;
    const vectors = await embedPins(graph, model, { backend, seed, threads: 0 });
    expect(tf.memory().numTensors).toBe(before);
    for (let pin = 0; pin < graph.pins.size; pin++)
      expect(Math.hypot(...vectors.subarray(pin * 6, pin * 6 + 6))).toBeCloseTo(1, 4);
  });
});

function strangers(texts: (string | null)[]) {
  return memoryGraph({
    pins: texts.map((_, i) => `new ${i}`),
    boards: [],
    edges: { boards: new Uint32Array(), pins: new Uint32Array() },
    pinAttributes: { text: texts },
  });
}

describe.each([spec, transformer])('pins that a model by $aggregator has not seen', (of) => {
  it('get vectors from their text alone, equal for equal text', async () => {
    const graph = strangers(['topic1word2 topic1word3', 'topic5word1', 'topic1word3 topic1word2']);
    const vectors = await embedPins(graph, await untrained(plantedGraph(), of), { backend, seed, threads: 0 });
    const [a, b, c] = [0, 1, 2].map((pin) => Array.from(vectors.subarray(pin * 6, pin * 6 + 6)));
    expect(a).toEqual(c);
    expect(a).not.toEqual(b);
    expect(Math.hypot(...b)).toBeCloseTo(1, 4);
  });

  it('get finite vectors without text and without boards', async () => {
    const vectors = await embedPins(strangers([null, '']), await untrained(plantedGraph(), of), {
      backend,
      seed,
      threads: 0,
    });
    expect(vectors.every(Number.isFinite)).toBe(true);
  });

  it('are refused where the graph has no column of the text that the model reads', async () => {
    const graph = plantedGraph({ text: false });
    await expect(
      embedPins(graph, await untrained(plantedGraph(), of), { backend, seed, threads: 0 }),
    ).rejects.toMatchObject({ code: 'mismatch', subject: { field: 'text' } });
  });

  it('are refused where a feature column of the training graph is absent', async () => {
    const graph = memoryGraph({
      pins: ['a', 'b'],
      boards: ['x'],
      edges: { boards: Uint32Array.of(0, 0), pins: Uint32Array.of(0, 1) },
      features: [{ name: 'visual', dimension: 2, values: Float32Array.of(1, 2, 3, 4) }],
    });
    await expect(
      embedPins(strangers(['a']), await untrained(graph, of), { backend, seed, threads: 0 }),
    ).rejects.toMatchObject({
      code: 'mismatch',
      subject: { field: 'visual' },
    });
  });
});
