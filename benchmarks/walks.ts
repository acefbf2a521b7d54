import { BoardwalkError } from '../src/errors.js';
import { random } from '../src/random.js';
import { edgeCount, type Topology } from '../src/graph/graph.js';
import { importanceNeighbourhoods } from '../src/sampling/importance-neighbourhoods.js';
import { importancePoolingDefaults, pixieDefaults } from '../src/sampling/kernel.js';
import { walkPool } from '../src/sampling/pool.js';
import { typescriptKernel } from '../src/sampling/typescript-kernel.js';
import { powerLawGraph, powerLawGraphDefaults } from './fixtures/power-law-graph.js';
import { type BenchmarkResult, machine, shownSpread, type Spread, spreadOf, timed } from './machine.js';
import { runReference } from './reference/walks.js';

export interface WalkBenchmarkOptions {
  /** Share of the full graph of 1 M pins, 200 k boards and 20 M edges; BOARDWALK_BENCH_SCALE by default. */
  scale: number;
  seeds: number;
  rounds: number;
}

const log = (line: string): void => console.error(line);

const show = (title: string, unit: string, spread: Spread): void => log(`${title}: ${shownSpread(spread, unit)}`);

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
  await measureKernel(topology, seeds, rounds, result);
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

async function measureKernel(
  topology: Topology,
  seeds: Uint32Array,
  rounds: number,
  { ratios, figures }: BenchmarkResult,
): Promise<void> {
  const kernel = typescriptKernel(topology);
  let meanTopWeight = 0;
  const rates: number[] = [];
  // The first round is warm-up.
  for (let round = 0; round <= rounds; round++) {
    const { cpu } = await timed(() => {
      const { weights } = kernel.importancePool(seeds, { ...walk, epoch: round });
      meanTopWeight = seeds.reduce((sum, _, row) => sum + weights[row * walk.neighbours] / seeds.length, 0);
    });
    if (round > 0) rates.push(seeds.length / cpu);
  }
  const spread = spreadOf(rates);
  show('TypeScript kernel', 'seeds/s', spread);
  figures.ts_seeds_per_second = spread.max;
  figures.ts_seeds_per_second_median = spread.median;
  const reference = await runReference(topology, seeds, { ...walk, rounds: rounds + 1 });
  if (typeof reference === 'string') {
    log(reference);
    figures['c++'] = reference;
    return;
  }
  const difference = Math.abs(reference[0].meanTopWeight / meanTopWeight - 1);
  if (!(difference < 0.03))
    throw new BoardwalkError(
      'mismatch',
      `The C++ reference walks differently: the mean top weights differ by ${(100 * difference).toFixed(1)}%.`,
    );
  const referenceSpread = spreadOf(reference.slice(1).map((round) => seeds.length / round.seconds));
  show('C++ reference', 'seeds/s', referenceSpread);
  figures['c++_seeds_per_second'] = referenceSpread.max;
  ratios['ts_vs_c++'] = spread.max / referenceSpread.max;
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

async function measurePixie(topology: Topology, rounds: number, { ratios, figures }: BenchmarkResult): Promise<void> {
  const kernel = typescriptKernel(topology);
  const source = random(3);
  const pinCount = topology.pins.offsets.length - 1;
  const weights = new Float32Array(4).fill(1);
  const millisecondsOf = async (stopVisits: number): Promise<Spread> => {
    const times: number[] = [];
    for (let round = 0; round < 10 * rounds; round++) {
      const query = Uint32Array.from({ length: 4 }, () => source.below(pinCount));
      const { cpu } = await timed(
        () => void kernel.pixie(query, weights, 1000, { ...pixieDefaults, stopVisits, seed: round }),
      );
      if (round >= rounds) times.push(1000 * cpu);
    }
    return spreadOf(times);
  };
  const full = await millisecondsOf(0);
  show('Pixie, 4 pins, 100 k steps', 'ms', full);
  const early = await millisecondsOf(pixieDefaults.stopVisits);
  show('Pixie, the same, stopping early', 'ms', early);
  ratios.pixie_ms_4pins_100k = full.median;
  figures.pixie_ms_min = full.min;
  figures.pixie_ms_max = full.max;
  figures.pixie_ms_early = early.median;
}
