import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sourceNames } from '../candidates/candidate-source.js';
import type { FolderKind } from '../data/folder-kind.js';
import { BoardwalkError } from '../errors.js';
import { evaluateFiles } from '../evaluation/evaluate-files.js';
import type { EvaluationReport } from '../evaluation/evaluate.js';
import { parseMethods } from '../evaluation/methods.js';
import { buildGraph } from '../graph/build.js';
import { openGraph } from '../graph/open.js';
import { holdOutEdges } from '../graph/split.js';
import { graphFolder } from '../graph/write.js';
import type { backendNames } from '../model/backends.js';
import { packageRoot, toolVersion } from '../package-root.js';
import { type Progress, silentProgress } from '../progress.js';
import { featureNames } from '../ranking/features.js';
import { readJson, writeJson } from '../registry/json-file.js';
import { withDefaults } from '../with-defaults.js';
import { splitFolder, splitGraph, splitParts } from './graphs/split-graph.js';
import type { PartialTrainSpec } from './spec/train-spec.js';
import { trainModel } from './train-model.js';
import { partialDirectory } from './weights/partial-run.js';

export interface DemoOptions {
  /** Folder with edges.parquet, pins.parquet and boards.parquet. */
  data: string;
  /** Where everything that the demo makes is kept for its next start. */
  directory: string;
  backend: (typeof backendNames)[number];
  seed: number;
  /** Test boards that every method is judged on. */
  sample: number;
  progress: Progress;
  signal?: AbortSignal;
}

export const demoDefaults = {
  data: join(packageRoot, 'graph-data', 'debian'),
  directory: join('.boardwalk', 'debian'),
  backend: 'auto',
  seed: 1,
  sample: 1_000,
  progress: silentProgress,
} satisfies Partial<DemoOptions>;

export interface Demo {
  /** Graph directory without the test edges. */
  readonly graph: string;
  readonly model: string;
  readonly report: EvaluationReport;
  /** Nothing had to be made. */
  readonly reused: boolean;
}

/** A tenth of each board of five or more is hidden from training and asked for afterwards. */
const testSplit = { edgeFraction: 0.1, minimumPins: 5, coldPinFraction: 0 };

/** Fewer boards than the default teach the demo's ranker: someone is waiting for the page. */
const demoSpec: PartialTrainSpec = { validation: { boards: 2_000 } };

/** Those that are fitted within seconds, or with the model; EASE takes a minute more, and `boardwalk evaluate` has it. */
const demoMethods = parseMethods('all').filter((method) => method !== 'ease');

/** What a kept result depends on; another value means that the demo starts from nothing. */
function fingerprint({ data, seed, sample }: DemoOptions): string {
  const hash = createHash('sha256').update(
    JSON.stringify([toolVersion(), seed, sample, testSplit, demoSpec, featureNames(sourceNames)]),
  );
  for (const name of ['edges', 'pins', 'boards']) {
    const file = join(data, `${name}.parquet`);
    if (!existsSync(file))
      throw new BoardwalkError('not_found', `${file} is missing. Make it with \`boardwalk import\`, or give --data.`, {
        file,
        field: 'data',
      });
    hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** What an earlier start has kept; nothing where it was stopped while it wrote, or has kept none. */
function readKept<T>(path: string): T | undefined {
  try {
    return readJson<T>(path);
  } catch {
    return undefined;
  }
}

/**
 * The whole path on one data set: build, hide test edges, train, evaluate against the baselines. Every stage
 * that an earlier start has finished is taken as it is; one that was cut off goes on or begins again.
 */
export async function prepareDemo(given: Partial<DemoOptions> = {}): Promise<Demo> {
  const options: DemoOptions = withDefaults(demoDefaults, given);
  const { data, backend, seed, sample, progress, signal } = options;
  const directory = resolve(options.directory);
  const at = (name: string): string => join(directory, name);
  const key = fingerprint(options);
  const partial = partialDirectory(at('model'));
  const remove = (path: string): void => rmSync(path, { recursive: true, force: true });
  /** Refuses, as whatever takes a folder's place does, where changes would go with it or another process writes them. */
  const removeHeld = (path: string, { hold }: FolderKind): void => {
    const release = hold?.(path);
    try {
      remove(path);
    } finally {
      release?.();
    }
  };
  progress.note(`What this makes is kept in ${directory}`);
  try {
    if (existsSync(at('state.json')) && readKept<{ key: string }>(at('state.json'))?.key !== key) {
      removeHeld(at('split'), splitFolder);
      removeHeld(at('graph'), graphFolder);
      [at('model'), partial, at('evaluation.json')].forEach(remove);
    }
    if (!readKept(at('evaluation.json'))) remove(at('evaluation.json'));
    mkdirSync(directory, { recursive: true });
    writeJson(at('state.json'), { key });
  } catch (cause) {
    if (cause instanceof BoardwalkError) throw cause;
    throw new BoardwalkError(
      'bad_option',
      `${directory} cannot be written: ${(cause as Error).message}. Name another folder with --directory.`,
      { file: directory, field: 'directory' },
      { cause },
    );
  }

  let reused = true;
  const unless = async (made: string, make: () => Promise<unknown>): Promise<void> => {
    if (existsSync(at(made))) return;
    reused = false;
    await make();
    if (signal?.aborted) throw new BoardwalkError('interrupted', 'Stopped. Start again to go on from here.');
  };
  const graph = join(at('split'), splitParts.train);
  await unless('graph', () =>
    buildGraph({
      edges: [join(data, 'edges.parquet')],
      pins: join(data, 'pins.parquet'),
      boards: join(data, 'boards.parquet'),
      out: at('graph'),
      progress,
    }),
  );
  await unless('split', async () => {
    const whole = await openGraph(at('graph'));
    const hidden = holdOutEdges(whole, { ...testSplit, seed });
    const { trainEdges, testEdges } = await splitGraph(whole, at('split'), hidden, { force: true });
    progress.note(
      `${testEdges.toLocaleString('en-US')} edges hidden for the test, ${trainEdges.toLocaleString('en-US')} left`,
    );
  });
  const train = () =>
    trainModel({
      graphDirectory: graph,
      out: at('model'),
      spec: demoSpec,
      backend,
      seed,
      resume: true,
      command: 'boardwalk demo',
      progress,
      signal,
    });
  await unless('model', () =>
    train().catch((error: unknown) => {
      // Of an older version, whose spec was another: nobody can tell the demo to begin anew.
      if (!(error instanceof BoardwalkError && error.code === 'mismatch' && error.subject.file === partial))
        throw error;
      remove(partial);
      return train();
    }),
  );
  await unless('evaluation.json', async () => {
    const report = await evaluateFiles({
      graph,
      model: at('model'),
      test: join(at('split'), splitParts.test),
      task: 'board',
      tune: false,
      pairsPerBoard: 10,
      options: { methods: demoMethods, ks: [10, 20, 50], sample, seed, progress },
    });
    writeJson(at('evaluation.json'), report);
  });
  return { graph, model: at('model'), report: readJson<EvaluationReport>(at('evaluation.json')), reused };
}
