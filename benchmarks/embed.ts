import * as tf from '@tensorflow/tfjs-core';
import { embedLayerWise } from '../src/embedding/layer-wise.js';
import { openBackend } from '../src/model/backends.js';
import { pickInputs } from '../src/model/features.js';
import { hopsOf } from '../src/model/spec.js';
import { batchLoader } from '../src/sampling/batch-loader.js';
import { type TrainingFixture, trainingFixture } from './fixtures/pinsage-training.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf, timed } from './machine.js';

const log = (line: string): void => console.error(line);
const rounds = 3;
/** Pins that the batch-wise reference embeds; the whole catalogue would take minutes. */
const referencePins = 2048;
const referenceBatch = 256;

/** Vectors a second, layer by layer, against a forward pass for each batch over its own neighbourhoods. */
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
    return { ratios: { layer_wise: ours / reference }, figures: { vectors_per_cpu_second: ours, reference } };
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
