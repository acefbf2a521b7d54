import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { embedLayerWise } from '../../src/embedding/layer-wise.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { type Backend, openBackend } from '../../src/model/backends.js';
import { encodePins, fitFeatures, pickInputs } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { openEncoder } from '../../src/model/open-encoder.js';
import { pinSageSpec } from '../../src/model/spec.js';
import { allNeighbourhoods } from '../../src/sampling/importance-neighbourhoods.js';
import { walkPool } from '../../src/sampling/pool.js';
import { plantedGraph } from '../training/planted-graph.js';

const spec = pinSageSpec({
  features: { width: 8, textBuckets: 64 },
  hidden: 12,
  dimension: 6,
  neighbours: 4,
  steps: 40,
});
const seed = 5;
let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('wasm');
});

function untrained(graph = plantedGraph()) {
  const fit = fitFeatures(graph, spec.features, seed);
  return { spec, features: fit.features, weights: initialWeights(spec, fit, seed), fit };
}

describe('layer by layer', () => {
  it.each([
    ['importance pooling', spec],
    ['mean pooling', { ...spec, pooling: 'mean' }],
    ['max pooling', { ...spec, pooling: 'max' }],
  ] as const)(
    'gives what a forward pass over whole neighbourhoods gives, whatever the blocks: %s',
    async (_, pooled) => {
      const graph = plantedGraph();
      const pins = graph.pins.size;
      const { fit, weights } = untrained(graph);
      const pool = walkPool(graph.topology, { threads: 0 });
      const neighbourhoods = await allNeighbourhoods(pool, { neighbours: 4, steps: 40, seed, epoch: 0 });
      const inputs = encodePins(graph, spec.features, fit);
      const encoder = openEncoder(pooled, weights);
      // One batch whose layers hold every pin, so that rows are dense indices.
      const layer = {
        targets: pins,
        sources: pins,
        neighbours: 4,
        indices: Int32Array.from(neighbourhoods.neighbours),
        weights: neighbourhoods.weights,
      };
      const everyPin = Uint32Array.from({ length: pins }, (_unused, pin) => pin);
      const whole = tf.tidy(() => encoder.forward({ layers: [layer, layer] }, pickInputs(inputs, everyPin)).dataSync());
      for (const blockSize of [pins, 37, 1]) {
        const vectors = await embedLayerWise(encoder, inputs, neighbourhoods, { blockSize });
        expect(vectors).toHaveLength(whole.length);
        vectors.forEach((value, i) => expect(Math.abs(value - whole[i])).toBeLessThan(1e-5));
      }
      encoder.dispose();
    },
  );

  it('gives the same bits whatever the number of threads, and leaves the inputs as they are', async () => {
    const graph = plantedGraph();
    const { fit, weights } = untrained(graph);
    const pool = walkPool(graph.topology, { threads: 0 });
    const neighbourhoods = await allNeighbourhoods(pool, { neighbours: 4, steps: 40, seed, epoch: 0 });
    const inputs = encodePins(graph, spec.features, fit);
    expect(inputs.text).toBeDefined();
    const before = inputs.dense.values.slice();
    const encoder = openEncoder(spec, weights);
    const [here, one, three] = await Promise.all(
      [0, 1, 3].map((threads) => embedLayerWise(encoder, inputs, neighbourhoods, { blockSize: 16, threads })),
    );
    expect(Buffer.from(one.buffer).equals(Buffer.from(here.buffer))).toBe(true);
    expect(Buffer.from(three.buffer).equals(Buffer.from(here.buffer))).toBe(true);
    expect(inputs.dense.values).toEqual(before);
    encoder.dispose();
  });

  it('leaves no tensor behind and gives unit vectors', async () => {
    const graph = plantedGraph();
    const model = untrained(graph);
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

describe('pins the model has not seen', () => {
  it('get vectors from their text alone, equal for equal text', async () => {
    const graph = strangers(['topic1word2 topic1word3', 'topic5word1', 'topic1word3 topic1word2']);
    const vectors = await embedPins(graph, untrained(), { backend, seed, threads: 0 });
    const [a, b, c] = [0, 1, 2].map((pin) => Array.from(vectors.subarray(pin * 6, pin * 6 + 6)));
    expect(a).toEqual(c);
    expect(a).not.toEqual(b);
    expect(Math.hypot(...b)).toBeCloseTo(1, 4);
  });

  it('get finite vectors without text and without boards', async () => {
    const vectors = await embedPins(strangers([null, '']), untrained(), { backend, seed, threads: 0 });
    expect(vectors.every(Number.isFinite)).toBe(true);
  });

  it('are refused where a feature column of the training graph is absent', async () => {
    const graph = memoryGraph({
      pins: ['a', 'b'],
      boards: ['x'],
      edges: { boards: Uint32Array.of(0, 0), pins: Uint32Array.of(0, 1) },
      features: [{ name: 'visual', dimension: 2, values: Float32Array.of(1, 2, 3, 4) }],
    });
    await expect(embedPins(strangers(['a']), untrained(graph), { backend, seed, threads: 0 })).rejects.toMatchObject({
      code: 'mismatch',
      subject: { field: 'visual' },
    });
  });
});
