import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BoardwalkError } from '../src/errors.js';
import { openGraph } from '../src/graph/open.js';
import { openBackend } from '../src/model/backends.js';
import { streamProgress } from '../src/progress.js';
import { ablationTable, summaryOf } from './ablation/table.js';
import { testFiles } from './ablation/test-files.js';
import { openTrial, type Outcome, tried, triedContent } from './ablation/trial.js';
import { type TwoHopSizes, twoHopSizes } from './ablation/two-hop.js';
import { small, type Variant, variants } from './ablation/variants.js';
import { preparedGraph } from './data/prepared-graph.js';
import { type BenchmarkResult, machine, runRecord } from './machine.js';

interface SetRecord {
  readonly pins: number;
  readonly boards: number;
  readonly edges: number;
  readonly two_hop: TwoHopSizes;
  /** A variant's outcomes, one a seed. */
  readonly outcomes: Record<string, (Outcome & { readonly seed: number })[]>;
}

/** Latent text as it is, before any training. */
const untrained: Variant = { ...variants[0], name: 'latent text, untrained' };

function defaults() {
  const {
    BOARDWALK_DATA,
    BOARDWALK_ABLATION_SETS = 'citeulike-t,awesome-boards',
    BOARDWALK_ABLATION_SEEDS = '1,2',
    BOARDWALK_ABLATION_VARIANTS,
    BOARDWALK_BENCH_RESULTS = join('benchmarks', 'results'),
  } = process.env;
  if (!BOARDWALK_DATA)
    throw new BoardwalkError(
      'bad_option',
      'Set BOARDWALK_DATA to the folder of the data sets; see benchmarks/README.md.',
      { field: 'BOARDWALK_DATA' },
    );
  const wanted = BOARDWALK_ABLATION_VARIANTS?.split(';');
  return {
    data: BOARDWALK_DATA,
    work: join('.boardwalk', 'quality'),
    sets: BOARDWALK_ABLATION_SETS.split(','),
    seeds: BOARDWALK_ABLATION_SEEDS.split(',').map(Number),
    variants: [untrained, ...variants].filter(({ name }) => wanted === undefined || wanted.includes(name)),
    results: BOARDWALK_BENCH_RESULTS,
  };
}

/**
 * PinSage alone with each of its parts changed, at equal pairs and sizes, judged on held-out edges. Seeds come
 * one after another, and results are kept after every variant.
 */
export async function run(): Promise<BenchmarkResult> {
  const options = defaults();
  const progress = streamProgress();
  const started = new Date();
  const backend = await openBackend('wasm');
  progress.note(`${machine()}; ${backend.description}`);
  const sets: Record<string, SetRecord> = {};
  for (const seed of options.seeds)
    for (const set of options.sets) {
      const { graph: directory, files } = await preparedGraph(set, join(options.data, set), options.work);
      const graph = await openGraph(directory);
      const { pins, boards } = graph.topology;
      const record = (sets[set] ??= {
        pins: graph.pins.size,
        boards: graph.boards.size,
        edges: boards.neighbours.length,
        two_hop: twoHopSizes({ pins, boards }, 1),
        outcomes: {},
      });
      const trial = await openTrial(graph, testFiles(set, files), seed);
      for (const variant of options.variants) {
        if (variant.sets && !variant.sets.includes(set)) continue;
        if (variant.content && graph.pinAttributes.names.length === 0) continue;
        const outcome =
          variant === untrained ? await triedContent(trial, variant) : await tried(trial, variant, backend);
        (record.outcomes[variant.name] ??= []).push({ seed, ...outcome });
        progress.note(`${set}, seed ${seed}, ${variant.name}: ${JSON.stringify(rounded(outcome))}`);
        save(options.results, started, options.seeds, sets);
      }
    }
  for (const [set, record] of Object.entries(sets)) progress.note(`\n${set}\n${tableOf(set, record)}`);
  return resultOf(sets);
}

function tableOf(set: string, { outcomes }: SetRecord): string {
  const boards = Object.keys(testFiles(set, '')).map((name) => `${name}/recall@20`);
  const columns = ['related/hit_rate@10', 'related/hit_rate@100', 'related/hit_rate@500', 'related/mrr', ...boards];
  return ablationTable([untrained, ...variants], outcomes, [...columns, 'validation warm/recall@20']);
}

function rounded(outcome: Outcome): unknown {
  return JSON.parse(
    JSON.stringify(outcome, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)),
  );
}

function save(results: string, started: Date, seeds: readonly number[], sets: Record<string, SetRecord>): void {
  mkdirSync(results, { recursive: true });
  const path = join(results, `ablation-${started.toISOString().slice(0, 10)}.json`);
  writeFileSync(path, `${JSON.stringify({ ...runRecord(started), seeds, sizes: small, sets }, null, 2)}\n`);
}

/** Ratios are of mean figures to those of plain importance pooling. */
function resultOf(sets: Record<string, SetRecord>): BenchmarkResult {
  const result: BenchmarkResult = { ratios: {}, figures: {} };
  for (const [set, { outcomes }] of Object.entries(sets)) {
    const means = Object.entries(outcomes).map(
      ([name, each]) => [name, summaryOf(each.map(({ figures }) => figures['related/hit_rate@100'])).mean] as const,
    );
    const reference = means.find(([name]) => name === 'importance pooling')?.[1];
    for (const [name, mean] of means) {
      result.figures[`${set}/${name}/related/hit_rate@100`] = mean;
      if (reference) result.ratios[`${set}/${name}`] = mean / reference;
    }
  }
  return result;
}
