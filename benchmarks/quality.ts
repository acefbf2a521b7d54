import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BoardwalkError } from '../src/errors.js';
import type { CatalogueName } from '../src/evaluation/catalogue.js';
import { type EvaluationReport } from '../src/evaluation/evaluate.js';
import { evaluateFiles } from '../src/evaluation/evaluate-files.js';
import { defaultMethods, type MethodName, parseMethods, trainedMethods } from '../src/evaluation/methods.js';
import { reportTable } from '../src/evaluation/report.js';
import { streamProgress } from '../src/progress.js';
import { preparedGraph } from './data/prepared-graph.js';
import { runRecord } from './machine.js';

export interface QualityBenchmarkOptions {
  /** Folder of the originals, one folder a data set; BOARDWALK_DATA by default. */
  data: string;
  /** Where converted files, graphs and models are kept between runs. */
  work: string;
  /** Data sets wanted; all that are found by default. */
  sets: readonly string[];
  methods: readonly MethodName[];
  /** Train a model a seed with the default spec, where none lies in `work`, and judge them too. */
  train: boolean;
  /** Boards judged, all by default. */
  sample: number;
  /** Of the models; the baselines take the first. */
  seeds: readonly number[];
  results: string;
}

interface TestSet {
  readonly name: string;
  readonly file: string;
  readonly ks: readonly number[];
  readonly catalogue?: CatalogueName;
  /** What published tables or earlier runs have for a figure of a method, to print a ratio against. */
  readonly references: Readonly<Record<string, number>>;
}

/** What each data set is asked. References: recall of the same methods by other people's programs. */
const tests: Record<string, readonly TestSet[]> = {
  gowalla: [
    {
      name: 'gowalla',
      file: 'test.tsv',
      ks: [20],
      references: { popularity: 0.0416, itemknn: 0.128, rp3beta: 0.1845, gfcf: 0.1849 },
    },
  ],
  'citeulike-t': [
    {
      name: 'citeulike-t warm',
      file: 'test_warm.tsv',
      ks: [20, 100],
      references: { rp3beta: 0.258, content: 0.141, gfcf: 0.218 },
    },
    { name: 'citeulike-t cold', file: 'test_cold.tsv', ks: [20, 100], references: {} },
    {
      name: 'citeulike-t cold pins alone',
      file: 'test_cold.tsv',
      ks: [100],
      catalogue: 'test-cold',
      references: { content: 0.616 },
    },
  ],
  'awesome-boards': [{ name: 'awesome-boards', file: 'test.tsv', ks: [20, 100], references: {} }],
  pinterest: [{ name: 'pinterest', file: 'test.tsv', ks: [20, 50], references: {} }],
  lastfm: [{ name: 'lastfm', file: 'test.tsv', ks: [20, 100], references: {} }],
  'ml-100k': [{ name: 'ml-100k', file: 'test.tsv', ks: [20, 100], references: {} }],
};

function defaults(): QualityBenchmarkOptions {
  const {
    BOARDWALK_DATA,
    BOARDWALK_QUALITY_SETS,
    BOARDWALK_QUALITY_METHODS,
    BOARDWALK_QUALITY_SAMPLE,
    BOARDWALK_QUALITY_SEEDS = '1',
  } = process.env;
  if (!BOARDWALK_DATA)
    throw new BoardwalkError(
      'bad_option',
      'Set BOARDWALK_DATA to the folder of the data sets; see benchmarks/README.md.',
      {
        field: 'BOARDWALK_DATA',
      },
    );
  return {
    data: BOARDWALK_DATA,
    work: join('.boardwalk', 'quality'),
    sets: BOARDWALK_QUALITY_SETS?.split(',') ?? Object.keys(tests),
    methods: BOARDWALK_QUALITY_METHODS === undefined ? defaultMethods([]) : parseMethods(BOARDWALK_QUALITY_METHODS),
    train: process.env.BOARDWALK_QUALITY_TRAIN === '1',
    sample: Number(BOARDWALK_QUALITY_SAMPLE ?? Number.POSITIVE_INFINITY),
    seeds: BOARDWALK_QUALITY_SEEDS.split(',').map(Number),
    results: join('benchmarks', 'results'),
  };
}

export interface BenchmarkResult {
  /** Our recall over the reference's. */
  ratios: Record<string, number>;
  figures: Record<string, number>;
}

/** Baselines, tuned on validation pairs, and the recommender on every data set that is at hand. */
export async function run(given: Partial<QualityBenchmarkOptions> = {}): Promise<BenchmarkResult> {
  const options = { ...defaults(), ...given };
  const progress = streamProgress();
  const result: BenchmarkResult = { ratios: {}, figures: {} };
  const reports: Record<string, EvaluationReport> = {};
  const started = new Date();
  for (const set of options.sets) {
    const source = join(options.data, set);
    if (!existsSync(source)) {
      progress.note(`${set}: no ${source}, left out`);
      continue;
    }
    const { graph, files } = await preparedGraph(set, source, options.work);
    const [first, ...others] = options.seeds;
    for (const test of tests[set]) {
      const judged = async (seed: number, methods: readonly MethodName[]): Promise<EvaluationReport> => {
        const report = await evaluateFiles({
          graph,
          ...(options.train ? { model: await trained(graph, seed) } : {}),
          test: join(files, test.file),
          task: 'board',
          tune: true,
          pairsPerBoard: 10,
          options: {
            methods,
            ks: test.ks,
            sample: options.sample,
            seed,
            progress,
            ...(test.catalogue ? { catalogue: test.catalogue } : {}),
          },
        });
        progress.note(`\n${test.name}, seed ${seed}\n${reportTable(report)}`);
        reports[`${test.name}, seed ${seed}`] = report;
        // After every report: a run of an hour should not be lost to its last minute.
        save(options, started, reports);
        return report;
      };
      const whole = await judged(first, options.methods);
      collect(test, whole, result);
      if (!options.train || others.length === 0) continue;
      // A graph without words has no PinText: what the first seed left out, the others do too.
      const learned = options.methods.filter((method) => trainedMethods.has(method) && whole.methods[method]);
      const again = [whole];
      for (const seed of others) again.push(await judged(seed, learned));
      progress.note(spreadLines(test, learned, again).join('\n'));
    }
  }
  return result;
}

/** Mean and standard deviation over the models, a line for each method and cut-off. */
function spreadLines(test: TestSet, methods: readonly MethodName[], reports: readonly EvaluationReport[]): string[] {
  return methods.flatMap((method) =>
    test.ks.map((k) => {
      const values = reports.map((report) => report.methods[method][`recall@${k}`]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      return `${test.name}, ${method}, recall@${k}: ${mean.toFixed(4)} ± ${Math.sqrt(variance).toFixed(4)} over ${values.length} seeds`;
    }),
  );
}

function collect(test: TestSet, { methods }: EvaluationReport, { ratios, figures }: BenchmarkResult): void {
  for (const [method, measures] of Object.entries(methods))
    for (const k of test.ks) figures[`${test.name}/${method}/recall@${k}`] = measures[`recall@${k}`];
  for (const [method, reference] of Object.entries(test.references))
    if (methods[method]) ratios[`${test.name}/${method}`] = methods[method][`recall@${test.ks[0]}`] / reference;
}

async function trained(graph: string, seed: number): Promise<string> {
  const model = join(graph, '..', `model-${seed}`);
  if (existsSync(model)) return model;
  const { trainModel } = await import('../src/pipeline/train-model.js');
  await trainModel({
    graphDirectory: graph,
    out: model,
    backend: 'auto',
    seed,
    resume: true,
    command: 'npm run bench -- quality',
    progress: streamProgress(),
  });
  return model;
}

/** Keeps the run with all that is needed to judge or repeat it. */
function save(
  { results, seeds, sample }: QualityBenchmarkOptions,
  started: Date,
  reports: Record<string, EvaluationReport>,
) {
  mkdirSync(results, { recursive: true });
  const path = join(results, `quality-${started.toISOString().slice(0, 10)}.json`);
  const record = {
    ...runRecord(started),
    seeds,
    sample: Number.isFinite(sample) ? sample : 'all',
    reports,
  };
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
}
