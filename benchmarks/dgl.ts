import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { embedPins } from '../src/embedding/embed-pins.js';
import { BoardwalkError } from '../src/errors.js';
import { rowOfEachEdge } from '../src/graph/adjacency.js';
import { edgeCount, type Graph } from '../src/graph/graph.js';
import { openGraph } from '../src/graph/open.js';
import { type Backend, openBackend } from '../src/model/backends.js';
import { idsAloneDefaults, type PartialPinSageSpec, type PinSageSpec, pinSageSpec } from '../src/model/spec.js';
import type { PinSageModel } from '../src/model/weights.js';
import { trainPinSage } from '../src/training/train-pinsage.js';
import { readTrainingLog } from '../src/training/training-log.js';
import { preparedGraph } from './data/prepared-graph.js';
import { type HitRates, hitRates, leaveOneOut } from './leave-one-out.js';
import { type BenchmarkResult, keepResult, machine, timed } from './machine.js';
import { dglPython, sourceOf } from './reference/program.js';

const log = (line: string): void => console.error(line);
const seed = 1;
/** CPU seconds of training after which both are judged. */
const marks = (process.env.BOARDWALK_BENCH_SECONDS ?? '20,40,80,160').split(',').map(Number);
/** Ours gets this share of a mark's pairs by the rate seen so far, so as not to spend more than the mark. */
const caution = 0.85;
const epochs = 3;

interface Point extends HitRates {
  readonly cpu: number;
  readonly pairs: number;
}

/**
 * DGL's PinSage example and ours on Gowalla or another set, ids alone, one thread each, judged after equal CPU seconds of training;
 * then the pairs a second of both training loops at 200 walks and T = 50. The example learns at a rate that found
 * more than its own here; ours starts anew for each mark, with walks, pairs and learning rates for that long a run.
 */
export async function run(): Promise<BenchmarkResult> {
  const started = new Date();
  const { BOARDWALK_DATA: data, BOARDWALK_DGL_EXAMPLE: example, BOARDWALK_BENCH_SET: set = 'gowalla' } = process.env;
  if (!data || !example)
    throw new BoardwalkError(
      'bad_option',
      'Set BOARDWALK_DATA to the folder of the data sets and BOARDWALK_DGL_EXAMPLE to a copy of DGL’s examples/pytorch/pinsage.',
      { field: data ? 'BOARDWALK_DGL_EXAMPLE' : 'BOARDWALK_DATA' },
    );
  const python = dglPython();
  if (typeof python !== 'string') throw new BoardwalkError('not_found', `${python.absent}.`);
  const { graph: directory } = await preparedGraph(set, join(data, set), join('.boardwalk', 'quality'));
  const asked = leaveOneOut(await openGraph(directory), seed);
  log(machine());
  log(
    `${asked.graph.pins.size} pins, ${asked.graph.boards.size} boards, ${edgeCount(asked.graph)} edges; ${asked.cases.length} cases`,
  );
  const backend = await openBackend('wasm');
  const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-dgl-'));
  const theirs: Point[] = [];
  const ours: Point[] = [];
  try {
    writeEdges(asked.graph, scratch);
    for await (const { cpu, pairs, vectors, dimension } of dglRun(python, example, scratch, curve, marks))
      theirs.push(shown('DGL', { cpu, pairs, ...hitRates(asked, vectors, dimension) }));
    let rate = 2_000;
    for (const mark of marks) {
      const spec = pinSageSpec(
        { pairsPerEpoch: Math.ceil((caution * rate * mark) / epochs), epochs, patience: epochs },
        idsAloneDefaults,
      );
      const { model, cpu, pairs } = await trained(asked.graph, spec, backend);
      const vectors = await embedPins(asked.graph, model, { backend, seed, threads: 0 });
      ours.push(shown('ours', { cpu, pairs, ...hitRates(asked, vectors, spec.dimension) }));
      rate = pairs / cpu;
    }
    const loops = await loopRates(asked.graph, backend, python, example, scratch);
    const result: BenchmarkResult = {
      ratios: {
        least_hit_rate_vs_dgl: Math.min(...ours.map(({ sampled }, i) => sampled / theirs[i].sampled)),
        least_full_hit_rate_vs_dgl: Math.min(...ours.map(({ full }, i) => full / theirs[i].full)),
        loop_vs_dgl: loops.ours / loops.dgl,
      },
      figures: { marks, ours, dgl: theirs, pairs_per_cpu_second: loops },
    };
    for (const [name, ratio] of Object.entries(result.ratios)) log(`${name}: ${ratio.toFixed(2)}`);
    keepResult('dgl', started, result);
    return result;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function shown(who: string, point: Point): Point {
  const { cpu, pairs, sampled, full } = point;
  log(
    `${who}: ${cpu.toFixed(0)} CPU s, ${pairs} pairs, HR@10 of 99 negatives ${sampled.toFixed(3)}, of the catalogue ${full.toFixed(4)}`,
  );
  return point;
}

interface DglSettings {
  readonly hidden: number;
  readonly batch: number;
  readonly walks: number;
  readonly kept: number;
  readonly rate: number;
}

/** Its own walks and neighbours, and the settings under which it learned best here. */
const curve: DglSettings = { hidden: 128, batch: 256, walks: 10, kept: 3, rate: 1e-3 };

function writeEdges({ topology }: Graph, folder: string): void {
  const write = (name: string, column: Uint32Array): void =>
    writeFileSync(join(folder, name), new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  write('boards.bin', rowOfEachEdge(topology.boards));
  write('pins.bin', topology.boards.neighbours);
}

/** The example's vectors after each of some CPU seconds of training. */
async function* dglRun(
  python: string,
  example: string,
  folder: string,
  { hidden, batch, walks, kept, rate }: DglSettings,
  seconds: readonly number[],
) {
  const options = [example, folder, hidden, batch, walks, kept, rate, ...seconds].map(String);
  const child = spawn(python, [sourceOf('dgl_pinsage.py'), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let next = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [cpu, pairs, dimension] = line.split(' ').map(Number);
    const bytes = readFileSync(join(folder, `${seconds[next++]}.bin`));
    yield { cpu, pairs, dimension, vectors: new Float32Array(new Uint8Array(bytes).buffer) };
  }
  if (next < seconds.length) throw new Error('The DGL example ended before its time.');
}

/** All that training costs: the walks, the batches and the steps, in all threads; every epoch's weights are kept. */
async function trained(
  graph: Graph,
  spec: PinSageSpec,
  backend: Backend,
): Promise<{ model: PinSageModel; cpu: number; pairs: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'boardwalk-dgl-ours-'));
  const validation = { boards: new Uint32Array(0), pins: new Uint32Array(0) };
  let model: PinSageModel | undefined;
  try {
    const { cpu } = await timed(async () => {
      model = await trainPinSage(graph, { spec, backend, seed, validation, directory, threads: 0 });
    });
    const pairs = readTrainingLog(directory).filter(({ hit_rate }) => hit_rate === undefined).length * spec.batchSize;
    return { model: model as PinSageModel, cpu, pairs };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Two layers of 256 columns over T = 50 neighbours of 200 walks, which are 300 steps, with 256 pairs a batch. */
const wide: PartialPinSageSpec = {
  features: { width: 256, logDegree: false },
  hidden: 256,
  dimension: 256,
  contentPath: false,
  neighbours: 50,
  steps: 300,
  batchSize: 256,
  negatives: 256,
  pairsPerEpoch: 8_192,
  // About as long as DGL's loop runs, for our walks are made once and serve all of it.
  epochs: 3,
};
const wideDgl: DglSettings = { hidden: 256, batch: 256, walks: 200, kept: 50, rate: 1e-3 };
const wideSeconds = 120;

async function loopRates(graph: Graph, backend: Backend, python: string, example: string, folder: string) {
  const { cpu, pairs } = await trained(graph, pinSageSpec(wide), backend);
  const rates = { ours: pairs / cpu, dgl: 0 };
  for await (const theirs of dglRun(python, example, folder, wideDgl, [wideSeconds]))
    rates.dgl = theirs.pairs / theirs.cpu;
  log(
    `200 walks, T = 50: ours ${rates.ours.toFixed(1)} pairs a CPU second, walks included; DGL ${rates.dgl.toFixed(1)}`,
  );
  return rates;
}
