import * as tf from '@tensorflow/tfjs-core';
import { embedLayerWise } from '../src/embedding/layer-wise.js';
import { PinEmbedder } from '../src/embedding/pin-embedder.js';
import { openBackend } from '../src/model/backends.js';
import { pickInputs } from '../src/model/features.js';
import { hopsOf, type PinSageSpec, sumsDefaults } from '../src/model/spec.js';
import { batchLoader } from '../src/sampling/batch-loader.js';
import { type TrainingFixture, trainingFixture } from './fixtures/pinsage-training.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf, timed } from './machine.js';

const log = (line: string): void => console.error(line);
const rounds = 3;
/** Pins that the batch-wise reference embeds; the whole catalogue would take minutes. */
const referencePins = 2048;
const referenceBatch = 256;
/** Pins that are embedded one by one. */
const singlePins = 400;

/**
 * Vectors a second, layer by layer, against a forward pass for each batch over its own neighbourhoods; and the time
 * until one pin has its vector, walks and inputs included, with the default model of each kind.
 */
export async function run(): Promise<BenchmarkResult> {
  const backend = await openBackend('wasm');
  const fixture = await trainingFixture();
  const pins = fixture.graph.pins.size;
  log(machine());
  log(`${backend.description}; ${pins} pins`);
  try {
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++)
      seconds.push(
        (await timed(() => embedLayerWise(fixture.encoder, fixture.inputs, fixture.neighbourhoods).then(() => {}))).cpu,
      );
    const ours = pins / spreadOf(seconds).min;
    log(`layer by layer: ${shownSpread(spreadOf(seconds.map((each) => pins / each)), 'vectors/s of CPU')}`);
    const reference = await batchWise(fixture);
    log(`batch by batch: ${reference.toFixed(0)} vectors/s of CPU`);
    const single = { convolutions: await oneByOne(fixture), sums: await oneByOneWith(sumsDefaults) };
    for (const [name, each] of Object.entries(single))
      log(`one by one, ${name}: ${each.median.toFixed(1)} ms a pin, 99% within ${each.most.toFixed(1)}`);
    return {
      ratios: { layer_wise: ours / reference },
      figures: { vectors_per_cpu_second: ours, reference, milliseconds_of_one_pin: single },
    };
  } finally {
    fixture.encoder.dispose();
    await fixture.pool.close();
  }
}

/** Vectors a second where every batch computes all that its pins depend on. */
async function batchWise({ encoder, inputs, spec, pool, neighbourhoods }: TrainingFixture): Promise<number> {
  const half = referencePins / 2;
  const pairs = {
    queries: Uint32Array.from({ length: half }, (_, i) => i),
    positives: Uint32Array.from({ length: half }, (_, i) => half + i),
  };
  const sizes = { batchSize: referenceBatch / 2, negatives: 0, hardNegatives: 0, layers: hopsOf(spec) };
  const loader = batchLoader(pool, { neighbourhoods, pairs, epoch: 1, seed: 1, ...sizes, neighbourDropout: 0 });
  let seconds = 0;
  for await (const batch of loader) {
    const { cpu } = await timed(async () => {
      const z = tf.tidy(() => encoder.forward(batch, pickInputs(inputs, batch.nodes)));
      await z.data();
      z.dispose();
    });
    seconds += cpu;
  }
  return referencePins / seconds;
}

async function oneByOneWith(spec: PinSageSpec): Promise<SinglePins> {
  const fixture = await trainingFixture({ spec });
  try {
    return await oneByOne(fixture);
  } finally {
    fixture.encoder.dispose();
    await fixture.pool.close();
  }
}

interface SinglePins {
  readonly median: number;
  /** 99% take no longer. */
  readonly most: number;
}

/** Milliseconds until one pin has its vector. */
async function oneByOne({ graph, spec, fit, encoder }: TrainingFixture): Promise<SinglePins> {
  const weights = new Map([...(await encoder.snapshot()), ...fit.fitted]);
  const embedder = await PinEmbedder.open({ spec, features: fit.features, weights }, graph, 1);
  const times: number[] = [];
  for (let i = 0; i < singlePins; i++) {
    const pin = Uint32Array.of(Math.floor((i * graph.pins.size) / singlePins));
    times.push(1000 * (await timed(() => void embedder.embed(graph, pin))).wall);
  }
  embedder.dispose();
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1], most: times[Math.floor(0.99 * times.length)] };
}
