import { embedLayerWise } from '../src/embedding/layer-wise.js';
import { edgeCount, type Topology } from '../src/graph/graph.js';
import { openBackend } from '../src/model/backends.js';
import type { PinInputs } from '../src/model/features.js';
import { initialWeights } from '../src/model/initial-weights.js';
import { openEncoder } from '../src/model/open-encoder.js';
import { pinSageSpec } from '../src/model/spec.js';
import { random } from '../src/random.js';
import { allNeighbourhoods } from '../src/sampling/importance-neighbourhoods.js';
import { walkPool, walkPoolDefaults } from '../src/sampling/pool.js';
import { powerLawGraph, powerLawGraphDefaults } from './fixtures/power-law-graph.js';
import { type BenchmarkResult, keepResult, machine, shownSpread, type Spread, spreadOf, timed } from './machine.js';
import { stepsPerDglWalk } from './reference/walks.js';
import { dglPython, sourceOf, startProgram } from './reference/program.js';

const log = (line: string): void => console.error(line);
const inputWidth = 256;
const spec = pinSageSpec({
  features: { logDegree: false, ids: 'never' },
  layers: 2,
  hidden: 256,
  dimension: 128,
  neighbours: 50,
  steps: 200,
});
/** Pins that DGL embeds, and its batches: the whole catalogue would take hours. */
const sampled = 4096;
const sampledBatches = [256, 1024];
const sampleInterval = 100;

/**
 * Vectors of all pins of a large generated graph, layer by layer in threads; then those of a sample with DGL,
 * batch by batch, which computes for each batch all that its pins depend on. Rates are per CPU second.
 */
export async function run(): Promise<BenchmarkResult> {
  const started = new Date();
  const scale = Number(process.env.BOARDWALK_BENCH_SCALE ?? 1);
  const rounds = Number(process.env.BOARDWALK_BENCH_ROUNDS ?? 3);
  const topology = graphOf(scale);
  const pins = topology.pins.offsets.length - 1;
  const { threads } = walkPoolDefaults();
  log(machine());
  log(
    `${pins} pins, ${topology.boards.offsets.length - 1} boards, ${edgeCount({ topology })} edges; ` +
      `${inputWidth} inputs, ${spec.layers} layers of ${spec.hidden}, ${spec.dimension} out; T = ${spec.neighbours}, ` +
      `${spec.steps} steps; ${threads} threads, ${rounds} rounds`,
  );
  const ours = await layerWise(topology, pins, threads, rounds);
  const dgl = await batchWise(topology, pins);
  const best = pins / (ours.walks_cpu_seconds.min + ours.convolutions_cpu_seconds.min);
  const result: BenchmarkResult = {
    ratios: typeof dgl === 'string' ? {} : { layer_wise_vs_dgl: best / dgl.pins_per_cpu_second },
    figures: {
      pins,
      boards: topology.boards.offsets.length - 1,
      edges: edgeCount({ topology }),
      inputs: inputWidth,
      hidden: spec.hidden,
      dimension: spec.dimension,
      neighbours: spec.neighbours,
      steps: spec.steps,
      threads,
      ...ours,
      pins_per_cpu_second: best,
      dgl,
    },
  };
  for (const [name, ratio] of Object.entries(result.ratios)) log(`${name}: ${ratio.toFixed(1)}`);
  keepResult('infer', started, result);
  return result;
}

function graphOf(scale: number): Topology {
  const { pins, boards, edges, communities } = powerLawGraphDefaults;
  const part = (whole: number): number => Math.max(1, Math.round(whole * scale));
  return powerLawGraph({ pins: part(pins), boards: part(boards), edges: part(edges), communities: part(communities) });
}

function randomInputs(pins: number): PinInputs {
  const source = random(7);
  // Few draws and a long period: the values' spread matters to the products' speed, not their independence.
  const draws = Float32Array.from({ length: 65_521 }, () => source.normal() / Math.sqrt(inputWidth));
  const values = new Float32Array(pins * inputWidth);
  for (let i = 0; i < values.length; i++) values[i] = draws[i % draws.length];
  return { pins, dense: { width: inputWidth, values }, text: undefined, ids: undefined };
}

async function layerWise(topology: Topology, pins: number, threads: number, rounds: number) {
  await openBackend('wasm');
  const columns = [{ name: 'content', dimension: inputWidth, scale: 1 }];
  const features = { columns, text: false, ids: false, logDegree: { mean: 0, deviation: 1 } };
  const encoder = openEncoder(spec, initialWeights(spec, { features, fitted: new Map() }, 1));
  const inputs = randomInputs(pins);
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), sampleInterval);
  const times = { walks: [] as Times[], convolutions: [] as Times[] };
  try {
    for (let round = 0; round < rounds; round++) {
      const { neighbours, steps, restart } = spec;
      const pool = walkPool(topology, { threads });
      let neighbourhoods = await allNeighbourhoods(pool, { neighbours: 1, steps: 1, restart, seed: 1, epoch: 0 });
      times.walks.push(
        await timed(async () => {
          neighbourhoods = await allNeighbourhoods(pool, { neighbours, steps, restart, seed: 1, epoch: 0 });
        }),
      );
      await pool.close();
      times.convolutions.push(await timed(() => embedLayerWise(encoder, inputs, neighbourhoods, { threads })));
    }
  } finally {
    clearInterval(sampler);
    encoder.dispose();
  }
  const part = (name: keyof typeof times, kind: keyof Times): Spread => spreadOf(times[name].map((each) => each[kind]));
  const figures = {
    walks_seconds: part('walks', 'wall'),
    walks_cpu_seconds: part('walks', 'cpu'),
    convolutions_seconds: part('convolutions', 'wall'),
    convolutions_cpu_seconds: part('convolutions', 'cpu'),
    graph_and_inputs_mb: Math.round(before / 1e6),
    peak_mb: Math.round(peak / 1e6),
  };
  log(`walks: ${shownSpread(figures.walks_seconds, 's')}, ${shownSpread(figures.walks_cpu_seconds, 'CPU seconds')}`);
  log(
    `convolutions: ${shownSpread(figures.convolutions_seconds, 's')}, ` +
      `${shownSpread(figures.convolutions_cpu_seconds, 'CPU seconds')}`,
  );
  log(`memory: ${figures.peak_mb} MB at most, ${figures.graph_and_inputs_mb} MB of it the graph and the inputs`);
  return figures;
}

type Times = Awaited<ReturnType<typeof timed>>;

/** DGL's walks take 1.5 steps each on average, so that as many steps are spent on a pin as ours take. */
async function batchWise(topology: Topology, pins: number) {
  const python = dglPython();
  if (typeof python !== 'string') {
    log(python.absent);
    return python.absent;
  }
  const source = random(2);
  const seeds = Uint32Array.from({ length: Math.min(sampled, pins) }, () => source.below(pins));
  const walks = Math.round(spec.steps / stepsPerDglWalk);
  const batches = [];
  for (const batch of sampledBatches) {
    const sizes = [walks, spec.neighbours, batch, spec.layers, inputWidth, spec.hidden, spec.dimension];
    const some = seeds.subarray(0, Math.min(seeds.length, 4 * batch));
    const dgl = startProgram(python, [sourceOf('dgl_embed.py'), ...sizes], topology, some);
    const [seconds, sampling, read] = await dgl.round();
    dgl.close();
    const rate = some.length / seconds;
    log(
      `DGL, batches of ${batch}: ${rate.toFixed(1)} pins per CPU second over ${some.length} pins, ` +
        `${Math.round((100 * sampling) / seconds)}% of it sampling; a batch reads ${read} pins`,
    );
    batches.push({
      batch,
      pins: some.length,
      cpu_seconds: seconds,
      sampling_cpu_seconds: sampling,
      pins_read: read,
      pins_per_cpu_second: rate,
    });
  }
  return { walks, batches, pins_per_cpu_second: Math.max(...batches.map((each) => each.pins_per_cpu_second)) };
}
