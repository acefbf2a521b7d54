import { BoardwalkError } from '../src/errors.js';
import { random } from '../src/random.js';
import { edgeCount, type Topology } from '../src/graph/graph.js';
import { importanceNeighbourhoods } from '../src/sampling/importance-neighbourhoods.js';
import {
  type ImportancePoolingOptions,
  importancePoolingDefaults,
  pixieDefaults,
  type PixieOptions,
} from '../src/sampling/kernel.js';
import { walkPool } from '../src/sampling/pool.js';
import type { WalkKernel } from '../src/sampling/kernel.js';
import { typescriptKernel } from '../src/sampling/typescript-kernel.js';
import { wasmKernel } from '../src/sampling/wasm-kernel.js';
import { powerLawGraph, powerLawGraphDefaults } from './fixtures/power-law-graph.js';
import { type BenchmarkResult, machine, shownSpread, type Spread, spreadOf, timed } from './machine.js';
import { startCpp, startDgl, stepsPerDglWalk } from './reference/walks.js';

export interface WalkBenchmarkOptions {
  /** Share of the full graph of 1 M pins, 200 k boards and 20 M edges; BOARDWALK_BENCH_SCALE by default. */
  scale: number;
  seeds: number;
  rounds: number;
}

const log = (line: string): void => console.error(line);

const show = (title: string, unit: string, spread: Spread): void => log(`${title}: ${shownSpread(spread, unit)}`);

/** Stops a query pin's walk of 25 k steps when this many pins have as many visits. */
const earlyStop = { stopPins: 1300, stopVisits: 4 };

const walk = { ...importancePoolingDefaults, neighbours: 50, steps: 200 };

/**
 * Importance pooling and Pixie walks on a large generated graph. Rates for one thread are per CPU second,
 * those of the pools per second; ratios compare the best rounds, which a busy machine disturbs least.
 */
export async function run(options: Partial<WalkBenchmarkOptions> = {}): Promise<BenchmarkResult> {
  const scale = options.scale ?? Number(process.env.BOARDWALK_BENCH_SCALE ?? 1);
  const { seeds: seedCount = 8192, rounds = 7 } = options;
  const topology = graphOf(scale);
  const pinCount = topology.pins.offsets.length - 1;
  log(machine());
  log(
    `${pinCount} pins, ${topology.boards.offsets.length - 1} boards, ${edgeCount({ topology })} edges; ` +
      `${seedCount} seeds, ${walk.steps} steps, top ${walk.neighbours}, ${rounds} rounds`,
  );
  const source = random(2);
  const seeds = Uint32Array.from({ length: seedCount }, () => source.below(pinCount));
  const result: BenchmarkResult = {
    ratios: {},
    figures: { pins: pinCount, boards: topology.boards.offsets.length - 1, edges: edgeCount({ topology }) },
  };
  await measureKernels(topology, seeds, rounds, result);
  await measureDgl(topology, seeds, rounds, result);
  await measureThreads(topology, seeds, rounds, result);
  await measurePixie(topology, rounds, result);
  return result;
}

function graphOf(scale: number): Topology {
  const { pins, boards, edges, communities } = powerLawGraphDefaults;
  const part = (whole: number): number => Math.max(1, Math.round(whole * scale));
  return powerLawGraph({
    pins: part(pins),
    boards: part(boards),
    edges: part(edges),
    communities: part(communities),
  });
}

/** A program or kernel that can walk all seeds; CPU seconds, and the mean weight of the first neighbours. */
interface Contestant {
  readonly name: string;
  round(epoch: number): Promise<{ seconds: number; meanTopWeight: number }>;
}

function kernelContestant(kernel: WalkKernel, seeds: Uint32Array, options: ImportancePoolingOptions): Contestant {
  const { neighbours: size } = options;
  return {
    name: kernel.name,
    async round(epoch) {
      let weights: Float32Array = new Float32Array(0);
      const { cpu } = await timed(() => void ({ weights } = kernel.importancePool(seeds, { ...options, epoch })));
      return {
        seconds: cpu,
        meanTopWeight: seeds.reduce((sum, _, row) => sum + weights[row * size] / seeds.length, 0),
      };
    },
  };
}

/** Best and spread of seeds per CPU second of each; they take turns, so that a slow minute hits all. */
async function race(contestants: readonly Contestant[], seeds: number, rounds: number): Promise<Map<string, Spread>> {
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const topWeights = new Map<string, number>();
  for (let round = 0; round <= rounds; round++)
    for (const { name, round: walkAll } of contestants) {
      const { seconds, meanTopWeight } = await walkAll(round);
      // The first round is warm-up.
      if (round > 0) rates.get(name)?.push(seeds / seconds);
      topWeights.set(name, meanTopWeight);
    }
  const [first, ...others] = [...topWeights];
  for (const [name, weight] of others)
    if (Math.abs(weight / first[1] - 1) > 0.03)
      throw new BoardwalkError(
        'mismatch',
        `${name} walks otherwise than ${first[0]}: its mean top weight is ${weight}, not ${first[1]}.`,
      );
  const spreads = new Map([...rates].map(([name, values]) => [name, spreadOf(values)]));
  for (const [name, spread] of spreads) show(name, 'seeds per CPU second', spread);
  return spreads;
}

async function measureKernels(
  topology: Topology,
  seeds: Uint32Array,
  rounds: number,
  { ratios, figures }: BenchmarkResult,
): Promise<void> {
  const contestants = [wasmKernel, typescriptKernel].map((make) => kernelContestant(make(topology), seeds, walk));
  const cpp = startCpp(topology, seeds, walk);
  if (typeof cpp === 'string') log(cpp);
  else contestants.push({ name: 'c++', round: cpp.round });
  const spreads = await race(contestants, seeds.length, rounds);
  if (typeof cpp !== 'string') cpp.close();
  for (const [name, spread] of spreads) figures[`${name}_seeds_per_cpu_second`] = spread;
  const best = (name: string): number => spreads.get(name)?.max ?? Number.NaN;
  if (typeof cpp === 'string') figures['c++'] = cpp;
  else {
    ratios['wasm_vs_c++'] = best('wasm') / best('c++');
    ratios['ts_vs_c++'] = best('typescript') / best('c++');
  }
}

/** DGL walks 200 times, each time one step and, with probability 1/2, a second: so many steps are ours here. */
async function measureDgl(
  topology: Topology,
  seeds: Uint32Array,
  rounds: number,
  { ratios, figures }: BenchmarkResult,
): Promise<void> {
  const walks = walk.steps;
  const some = seeds.subarray(0, 4000);
  const dgl = startDgl(topology, some, { walks, neighbours: walk.neighbours });
  if (typeof dgl === 'string') {
    log(dgl);
    figures.dgl = dgl;
    return;
  }
  const steps = walks * stepsPerDglWalk;
  const ours = kernelContestant(wasmKernel(topology), some, { ...walk, steps });
  log(`wasm takes ${steps} steps a seed here, as DGL does in ${walks} walks:`);
  // DGL's weights are counts, and are not compared.
  const contestants = [ours, { name: 'dgl', round: dgl.round }];
  const spreads = await race(contestants, some.length, Math.min(3, rounds));
  dgl.close();
  figures.dgl_seeds_per_cpu_second = spreads.get('dgl');
  ratios.wasm_vs_dgl = (spreads.get('wasm')?.max ?? 0) / (spreads.get('dgl')?.max ?? 1);
}

async function measureThreads(
  topology: Topology,
  seeds: Uint32Array,
  rounds: number,
  { ratios, figures }: BenchmarkResult,
): Promise<void> {
  const pools = [1, 2].map((threads) => walkPool(topology, { threads }));
  const rates: number[][] = [[], []];
  // Enough seeds that the last task's wait for the slower thread does not show.
  const many = Uint32Array.from({ length: seeds.length * 4 }, (_, i) => seeds[i % seeds.length]);
  // The two pools take turns, so that a slow minute hits both.
  for (let round = 0; round <= rounds; round++)
    for (const [i, pool] of pools.entries()) {
      const { wall } = await timed(() => importanceNeighbourhoods(pool, many, { ...walk, epoch: round }));
      if (round > 0) rates[i].push(many.length / wall);
    }
  await Promise.all(pools.map((pool) => pool.close()));
  const [one, two] = rates.map(spreadOf);
  show('one worker', 'seeds/s', one);
  show('two workers', 'seeds/s', two);
  figures.one_worker_seeds_per_second = one.max;
  figures.two_workers_seeds_per_second = two.max;
  ratios.two_workers_vs_one = two.max / one.max;
}

/** Pins that the early stop is judged on. */
const compared = 1000;

async function measurePixie(topology: Topology, rounds: number, { ratios, figures }: BenchmarkResult): Promise<void> {
  const pinCount = topology.pins.offsets.length - 1;
  const weights = new Float32Array(4).fill(1);
  const count = 10 * rounds;
  const source = random(3);
  const queries = Array.from({ length: count }, () => Uint32Array.from({ length: 4 }, () => source.below(pinCount)));
  for (const kernel of [wasmKernel(topology), typescriptKernel(topology)]) {
    const walked = async (options: Partial<PixieOptions>): Promise<{ spread: Spread; found: Uint32Array[] }> => {
      const times: number[] = [];
      const found: Uint32Array[] = [];
      for (const [round, query] of queries.entries()) {
        const { cpu } = await timed(() => {
          found.push(kernel.pixie(query, weights, compared, { ...pixieDefaults, ...options, seed: round }).pins);
        });
        if (round >= rounds) times.push(1000 * cpu);
      }
      return { spread: spreadOf(times), found };
    };
    const full = await walked({ stopVisits: 0 });
    show(`Pixie (${kernel.name}), 4 pins, 100 k steps`, 'CPU ms', full.spread);
    const boosted = await walked({ stopVisits: 0, boost: true });
    show(`Pixie (${kernel.name}), the same, boosted`, 'CPU ms', boosted.spread);
    const early = await walked(earlyStop);
    show(`Pixie (${kernel.name}), the same, stopping early`, 'CPU ms', early.spread);
    const overlap = mean(full.found.map((pins, query) => overlapOf(pins, early.found[query])));
    log(`  of the first ${compared} pins, ${(100 * overlap).toFixed(0)}% are those of the whole walk`);
    figures[`${kernel.name}_pixie_ms`] = full.spread;
    figures[`${kernel.name}_pixie_boosted_ms`] = boosted.spread;
    figures[`${kernel.name}_pixie_early_ms`] = early.spread;
    figures.pixie_early_overlap = overlap;
    if (kernel.name === 'wasm') ratios.pixie_ms_4pins_100k = full.spread.median;
  }
}

function overlapOf(one: Uint32Array, other: Uint32Array): number {
  const known = new Set(one);
  return other.filter((pin) => known.has(pin)).length / Math.max(1, one.length);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
