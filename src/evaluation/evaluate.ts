import { availableParallelism } from 'node:os';
import type { SourceName } from '../candidates/candidate-source.js';
import type { FittedSource, SourceSettings } from '../candidates/fitted-source.js';
import type { PinVectors } from '../candidates/vector-source.js';
import { BoardwalkError } from '../errors.js';
import { type Adjacency, degree, type Graph } from '../graph/graph.js';
import { exposureAt } from '../metrics/exposure.js';
import { type Progress, silentProgress } from '../progress.js';
import { sharedVectors } from '../embedding/vectors.js';
import { inSharedMemory, topologyInShared } from '../sampling/shared-arrays.js';
import { performers } from '../threads.js';
import { withDefaults } from '../with-defaults.js';
import { clustersOf, packCases, sampleCases } from './cases.js';
import { type CatalogueName, taskOver } from './catalogue.js';
import { type Measures, measureNames } from './judge.js';
import {
  type MeasuredBlock,
  type MeasureParts,
  type MeasureTask,
  measurer,
  noPin,
  recommenderMethod,
} from './measure.js';
import { defaultMethods, fitMethods, type MethodName, methodNames, trainedMethods } from './methods.js';
import { seenEdges } from './seen-edges.js';
import { type Slice, slicesOf } from './slices.js';
import type { Task } from './tasks.js';
import { type Uncertainty, uncertaintyOf } from './uncertainty.js';

/** A model to compare with the baselines: opened here, and where threads are used, named by its folder. */
export interface EvaluatedModel {
  readonly id?: string;
  /** The graph that its weights were trained on. */
  readonly trainedGraphId?: string;
  /** The model or run that its training began from, where it did not begin anew. */
  readonly warmStart?: string;
  readonly table: PinVectors;
  readonly recommender?: Parameters<typeof recommenderMethod>[0];
  /** The model's own sources, fitted to the graph at hand. */
  readonly sources?: readonly FittedSource[];
  readonly directories?: { readonly graph: string; readonly model: string };
}

export interface EvaluateOptions {
  /** Those of `defaultMethods` where undefined. */
  methods: readonly MethodName[] | undefined;
  /** Cut-offs. */
  ks: readonly number[];
  catalogue: CatalogueName;
  /** Settings of single sources, from tuning or from the model's spec. */
  settings: Partial<Record<SourceName, SourceSettings>>;
  model: EvaluatedModel | undefined;
  /** Cases drawn at random; all by default. */
  sample: number;
  /** Of every draw: the sample, the order of `random`, the walks of `pixie`, the resampling of intervals. */
  seed: number;
  /** 0 measures on the calling thread. */
  threads: number;
  progress: Progress;
}

export function evaluateDefaults(): EvaluateOptions {
  return {
    methods: undefined,
    ks: [10, 20, 50],
    catalogue: 'all',
    settings: {},
    model: undefined,
    sample: Number.POSITIVE_INFINITY,
    seed: 1,
    threads: availableParallelism(),
    progress: silentProgress,
  };
}

/** What a report answers. */
export interface Asked {
  readonly graph_id: string;
  /** null where no model was judged. */
  readonly model_id: string | null;
  /** The graph that the model's weights were trained on; reports of older versions have none. */
  readonly trained_graph_id?: string;
  /** The model or run whose weights training began from; absent where it began anew. */
  readonly warm_start?: string;
  readonly seed: number;
  /** Cut-offs, ascending. */
  readonly ks: readonly number[];
  readonly catalogue: CatalogueName;
}

/** What `evaluate --json` prints. */
export interface EvaluationReport extends Uncertainty {
  readonly task: string;
  readonly split: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly skipped: Readonly<Record<string, string>>;
  /** Method → the settings that it stood with, where they are not its defaults; reports of older versions have none. */
  readonly settings?: Readonly<Record<string, SourceSettings>>;
  /** The methods' measures over cases that are alike. */
  readonly slices: readonly Slice[];
  readonly asked: Asked;
  /** What speaks against the figures of the model's own methods; absent where nothing does. */
  readonly doubt?: string;
  /** Wall time of ranking and judging, without fitting. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Cases in one worker's task: long enough to drown its 0.3 ms, short enough to share out the end. */
const taskSize = 128;

/**
 * Ranks the whole catalogue for every case by every method. Figures do not depend on the number of threads.
 * @throws BoardwalkError `bad_option` for cut-offs, a catalogue or methods that leave nothing to compare, `bad_file`
 * for a test without a pin that a list can show
 */
export async function evaluate(
  graph: Graph,
  task: Task,
  options: Partial<EvaluateOptions> = {},
): Promise<EvaluationReport> {
  const settings = withDefaults(evaluateDefaults(), options);
  const { model, progress } = settings;
  const ks = [...new Set(settings.ks)].sort((a, b) => a - b);
  if (ks.length === 0 || !ks.every((k) => Number.isInteger(k) && k > 0))
    throw new BoardwalkError('bad_option', 'The cut-offs k must be whole numbers above 0.', { field: 'k' });
  const { catalogue, asked } = taskOver(graph, settings.catalogue, task);
  const { cases, split } = asked;
  const question = questionOf(graph, ks, settings);
  const drawn = sampleCases(cases, settings.sample, settings.seed);
  const measures: Measures = { task: task.name, ks };
  const wanted = settings.methods ?? defaultMethods(model?.sources ?? []);
  const ready = await fitMethods(graph, wanted, {
    model: model !== undefined,
    cold: settings.catalogue !== 'all',
    fitted: model?.sources ?? [],
    settings: settings.settings,
    progress,
  });
  if (ready.names.length === 0) throw noMethod(ready.skipped);
  const doubt = ready.names.some((name) => trainedMethods.has(name)) ? seenEdges(question) : undefined;
  if (doubt !== undefined) progress.note(doubt);
  const table = model && { dimension: model.table.dimension, vectors: sharedVectors(model.table.vectors) };
  const { pins } = graph.topology;
  const parts: MeasureParts = {
    topology: topologyInShared(graph.topology),
    cases: packCases(drawn),
    measures,
    catalogue: catalogue && inSharedMemory(catalogue),
    fitted: ready.fitted.map((source) => drawnBy(settings.seed, source)),
    table,
    directories: model?.directories,
  };

  const run = runner(parts, model, settings.threads);
  const methods: Record<string, Record<string, number>> = {};
  const seconds: Record<string, number> = {};
  const figures = new Map<string, Float64Array>();
  const names = measureNames(measures);
  const ranked = catalogue ?? Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin);
  try {
    for (const name of ready.names) {
      const started = performance.now();
      const blocks = await run.all(name, drawn.length, progress);
      const rows = joined(blocks);
      figures.set(name, rows);
      methods[name] = { ...means(rows, names), ...exposure(blocks, ks, ranked, pins) };
      seconds[name] = Math.round(performance.now() - started) / 1000;
    }
  } finally {
    await run.close();
  }
  return {
    task: task.name,
    split: { ...split, cases: drawn.length },
    methods,
    ...uncertaintyOf(figures, names, settings.seed, clustersOf(drawn)),
    skipped: { ...ready.skipped, ...(!settings.methods && notNamed(wanted)) },
    settings: Object.fromEntries(
      ready.fitted
        .filter((source) => Object.keys(source.settings).length > 0)
        .map((source) => [source.name, source.settings]),
    ),
    slices: slicesOf(graph, drawn, figures, names),
    asked: question,
    doubt,
    seconds,
  };
}

function questionOf(graph: Graph, ks: readonly number[], { model, seed, catalogue }: EvaluateOptions): Asked {
  return {
    graph_id: graph.id,
    model_id: model?.id ?? null,
    trained_graph_id: model?.trainedGraphId,
    warm_start: model?.warmStart,
    seed,
    ks,
    catalogue,
  };
}

/** Methods that draw when they are asked take the evaluation's seed, unless their settings have one. */
function drawnBy(seed: number, source: FittedSource): FittedSource {
  if (source.name !== 'random' && source.name !== 'pixie') return source;
  return { ...source, settings: { seed, ...source.settings } };
}

function notNamed(wanted: readonly MethodName[]): Record<string, string> {
  return Object.fromEntries(
    methodNames.filter((name) => !wanted.includes(name)).map((name) => [name, 'runs where --methods names it, or all']),
  );
}

function noMethod(skipped: Readonly<Record<string, string>>): BoardwalkError {
  const reasons = Object.entries(skipped).map(([name, reason]) => `${name} (${reason})`);
  return new BoardwalkError(
    'bad_option',
    `None of the methods can run: ${reasons.join(', ') || 'none is named'}. Give what they need, or name others with --methods.`,
    { field: 'methods' },
  );
}

function runner(parts: MeasureParts, model: EvaluatedModel | undefined, threads: number) {
  const recommender = model?.recommender;
  const here = measurer(parts, recommender && (async () => recommenderMethod(recommender)));
  const pool =
    threads > 0 ? performers('evaluate', { what: 'A thread that ranks', threads, workerData: parts }) : undefined;
  const measure = (task: MeasureTask): Promise<MeasuredBlock> =>
    // A recommender that lies in no folder exists on this thread alone.
    pool && !(task.method === 'recommender' && !parts.directories)
      ? (pool.perform('block', task) as Promise<MeasuredBlock>)
      : here(task);
  return {
    async all(method: string, size: number, progress: Progress): Promise<MeasuredBlock[]> {
      const stage = progress.stage(`ranking by ${method}`, size);
      let done = 0;
      const tasks: Promise<MeasuredBlock>[] = [];
      for (let from = 0; from < size; from += taskSize) {
        const to = Math.min(size, from + taskSize);
        const task = measure({ method, from, to }).then((measured) => {
          stage.update((done += to - from));
          return measured;
        });
        tasks.push(task);
        if (!pool) await task;
      }
      const blocks = await Promise.all(tasks);
      stage.finish();
      return blocks;
    },
    close: async () => pool?.end(),
  };
}

/** The blocks' figures one after another: [cases, measures]. */
function joined(blocks: readonly MeasuredBlock[]): Float64Array {
  const all = new Float64Array(blocks.reduce((sum, { figures }) => sum + figures.length, 0));
  let at = 0;
  for (const { figures } of blocks) {
    all.set(figures, at);
    at += figures.length;
  }
  return all;
}

function means(figures: Float64Array, names: readonly string[]): Record<string, number> {
  const sums = new Float64Array(names.length);
  const rows = figures.length / names.length;
  figures.forEach((value, at) => (sums[at % names.length] += value));
  return Object.fromEntries(names.map((name, m) => [name, rows === 0 ? 0 : sums[m] / rows]));
}

/** What exposure is called in a report. */
const exposureNames = {
  coverage: 'coverage',
  log_popularity: 'logPopularity',
  head_share: 'headShare',
  gini: 'gini',
} as const;

const byPopularity = new Set(['log_popularity', 'head_share']);

/** What the lists show of the catalogue, ascending pins, by cut-off. */
function exposure(
  blocks: readonly MeasuredBlock[],
  ks: readonly number[],
  catalogue: Uint32Array,
  pins: Adjacency,
): Record<string, number> {
  const width = Math.min(catalogue.length, ks[ks.length - 1]);
  const degrees = catalogue.map((pin) => degree(pins, pin));
  const placeOf = new Uint32Array(pins.offsets.length - 1);
  catalogue.forEach((pin, place) => (placeOf[pin] = place));
  const lists = blocks.flatMap(({ shown }) =>
    Array.from({ length: shown.length / width }, (_, row) =>
      shown
        .subarray(row * width, (row + 1) * width)
        .filter((pin) => pin !== noPin)
        .map((pin) => placeOf[pin]),
    ),
  );
  const found = ks.map((k) => exposureAt(lists, degrees, k));
  // Among pins without boards none is more popular than another.
  const names = Object.entries(exposureNames).filter(
    ([name]) => !byPopularity.has(name) || degrees.some((of) => of > 0),
  );
  return Object.fromEntries(names.flatMap(([name, key]) => ks.map((k, i) => [`${name}@${k}`, found[i][key]])));
}
