import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BoardwalkError } from '../src/errors.js';
import { openGraph } from '../src/graph/open.js';
import { type Backend, openBackend } from '../src/model/backends.js';
import { type PartialPinSageSpec, type PinSageSpec, pinSageSpec } from '../src/model/spec.js';
import { type Progress, streamProgress } from '../src/progress.js';
import { ablationTable, summaryOf } from './ablation/table.js';
import { openTrial, type Outcome, type Trial, tried } from './ablation/trial.js';
import { testFiles } from './ablation/test-files.js';
import { preparedGraph } from './data/prepared-graph.js';
import { type BenchmarkResult, machine, runRecord } from './machine.js';

type Aggregator = PinSageSpec['aggregator'];

const aggregators: readonly Aggregator[] = ['convolution', 'transformer'];

/** The default model without the words' trained rows, which cost all aggregators the same and more than the rest. */
const shared: PartialPinSageSpec = { features: { trainWords: false } };

/** Pairs an epoch of two trials whose seconds tell what a pair costs, and what training costs beside pairs. */
const pilots = [512, 2_560] as const;

interface SetRecord {
  readonly pins: number;
  readonly boards: number;
  readonly edges: number;
  /** By aggregator, one a seed. */
  readonly outcomes: Record<string, (Outcome & { readonly seed: number; readonly pairsPerEpoch: number })[]>;
}

type Options = ReturnType<typeof defaults>;

function defaults() {
  const {
    BOARDWALK_DATA,
    BOARDWALK_AGGREGATORS_SETS = 'citeulike-t,awesome-boards',
    BOARDWALK_AGGREGATORS_SEEDS = '1',
    BOARDWALK_AGGREGATORS_SECONDS = '40',
    BOARDWALK_BENCH_RESULTS = join('benchmarks', 'results'),
  } = process.env;
  if (!BOARDWALK_DATA)
    throw new BoardwalkError(
      'bad_option',
      'Set BOARDWALK_DATA to the folder of the data sets; see benchmarks/README.md.',
      { field: 'BOARDWALK_DATA' },
    );
  return {
    data: BOARDWALK_DATA,
    work: join('.boardwalk', 'quality'),
    sets: BOARDWALK_AGGREGATORS_SETS.split(','),
    seeds: BOARDWALK_AGGREGATORS_SEEDS.split(',').map(Number),
    cpuSeconds: Number(BOARDWALK_AGGREGATORS_SECONDS),
    results: BOARDWALK_BENCH_RESULTS,
  };
}

/** Every aggregator trained for the same CPU seconds, walks included, judged on held-out edges. */
export async function run(): Promise<BenchmarkResult> {
  const options = defaults();
  const progress = streamProgress();
  const started = new Date();
  const backend = await openBackend('wasm');
  progress.note(`${machine()}; ${backend.description}; ${options.cpuSeconds} CPU seconds each`);
  const sets: Record<string, SetRecord> = {};
  for (const set of options.sets) {
    const { graph: directory, files } = await preparedGraph(set, join(options.data, set), options.work);
    const graph = await openGraph(directory);
    const record: SetRecord = (sets[set] = {
      pins: graph.pins.size,
      boards: graph.boards.size,
      edges: graph.topology.boards.neighbours.length,
      outcomes: {},
    });
    const pairs: Partial<Record<Aggregator, number>> = {};
    for (const seed of options.seeds) {
      const trial = await openTrial(graph, testFiles(set, files), seed);
      for (const aggregator of aggregators) {
        const pairsPerEpoch = (pairs[aggregator] ??= await affordablePairs(
          trial,
          aggregator,
          options.cpuSeconds,
          backend,
        ));
        const outcome = await tried(trial, variantOf(aggregator, pairsPerEpoch), backend);
        (record.outcomes[aggregator] ??= []).push({ seed, pairsPerEpoch, ...outcome });
        noteOutcome(progress, `${set}, seed ${seed}, ${aggregator}, ${pairsPerEpoch} pairs an epoch`, outcome);
        save(options, started, sets);
      }
    }
  }
  for (const [set, record] of Object.entries(sets)) progress.note(`\n${set}\n${tableOf(set, record)}`);
  return resultOf(sets);
}

function variantOf(aggregator: Aggregator, pairsPerEpoch: number) {
  return { name: aggregator, spec: { ...shared, aggregator, pairsPerEpoch } };
}

/** How many pairs an epoch can have for training to take the given seconds, as far as two short trials tell. */
async function affordablePairs(
  trial: Trial,
  aggregator: Aggregator,
  cpuSeconds: number,
  backend: Backend,
): Promise<number> {
  const seconds: number[] = [];
  for (const pairs of pilots) seconds.push((await tried(trial, variantOf(aggregator, pairs), backend)).cpuSeconds);
  const perPair = (seconds[1] - seconds[0]) / (pilots[1] - pilots[0]);
  const { batchSize } = pinSageSpec(shared);
  const affordable = pilots[0] + (cpuSeconds - seconds[0]) / perPair;
  return Math.max(1, Math.round(affordable / batchSize)) * batchSize;
}

function noteOutcome(progress: Progress, what: string, { figures, cpuSeconds }: Outcome): void {
  const shown = Object.entries(figures).map(([name, figure]) => `${name} ${figure.toFixed(4)}`);
  progress.note(`${what}, ${cpuSeconds.toFixed(1)} CPU seconds: ${shown.join(', ')}`);
}

/** Board completion and related pins; the figures of validation come with the outcomes that are kept. */
function tableOf(set: string, { outcomes }: SetRecord): string {
  const boards = Object.keys(testFiles(set, '')).flatMap((name) => [
    `${name}/recall@20`,
    `${name}/recall@100`,
    `without bonus/${name}/recall@20`,
  ]);
  return ablationTable(
    aggregators.map((aggregator) => variantOf(aggregator, 0)),
    outcomes,
    [...boards, 'related/hit_rate@100', 'related/hit_rate@500'],
  );
}

function save({ results, seeds, cpuSeconds }: Options, started: Date, sets: Record<string, SetRecord>): void {
  mkdirSync(results, { recursive: true });
  const path = join(results, `aggregators-${started.toISOString().slice(0, 10)}.json`);
  const record = { ...runRecord(started), seeds, cpu_seconds: cpuSeconds, spec: shared, sets };
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
}

/** Ratios are of mean figures, the other aggregators' to the convolution's. */
function resultOf(sets: Record<string, SetRecord>): BenchmarkResult {
  const result: BenchmarkResult = { ratios: {}, figures: {} };
  for (const [set, { outcomes }] of Object.entries(sets))
    for (const figure of Object.keys(outcomes.convolution[0].figures)) {
      const meanOf = (name: string): number => summaryOf(outcomes[name].map(({ figures }) => figures[figure])).mean;
      for (const name of aggregators) {
        result.figures[`${set}/${name}/${figure}`] = meanOf(name);
        if (name !== 'convolution' && meanOf('convolution') > 0)
          result.ratios[`${set}/${name}/${figure}`] = meanOf(name) / meanOf('convolution');
      }
    }
  return result;
}
