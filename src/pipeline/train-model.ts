import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foreseeMemory } from '../data/available-memory.js';
import { type FolderKind, refuseForeign } from '../data/folder-kind.js';
import { namingFullDisk } from '../data/full-disk.js';
import { refuseExisting } from '../data/whole-directory.js';
import { driftBetween, driftText } from '../embedding/drift.js';
import { tableOf } from '../embedding/table-of.js';
import { BoardwalkError } from '../errors.js';
import { notePending } from '../graph/live/pending.js';
import { openGraph } from '../graph/open.js';
import { backendNames, openBackend } from '../model/backends.js';
import { type Progress, silentProgress } from '../progress.js';
import type { PinSageModel } from '../model/weights.js';
import { readJson, writeJson } from '../registry/json-file.js';
import { modelFiles, modelFolder } from '../registry/model-files.js';
import { canonicalJson } from '../registry/model-id.js';
import type { ModelSummary } from '../registry/model.js';
import { checkpointSecondsDefault, hasCheckpoint } from '../training/checkpoint.js';
import { stopIfAborted } from '../training/stop-if-aborted.js';
import type { TrainPinSageOptions } from '../training/train-pinsage.js';
import { trainingBytes } from '../training/training-memory.js';
import { beginFit, fitModel, sourceNamesFor } from './fit-model.js';
import { flattery, holdoutFor } from './holdout-for.js';
import { keepHoldout } from './kept-holdout.js';
import { modelSpec } from './model-spec.js';
import type { TrainedWeights } from './model-weights.js';
import { StageClock } from './stage-clock.js';
import { suitedSpec } from './suited-spec.js';
import { lockFile, takeTrainingLock } from './training-lock.js';
import type { PartialTrainSpec, TrainSpec } from './train-spec.js';
import { trainWeights } from './train-weights.js';
import { earlierRun, openWarmStart, runFile, unreadRelations, warmSpec } from './warm-start.js';
import { writeModel } from './write-model.js';

export interface TrainModelOptions {
  graphDirectory: string;
  /** The model directory; it appears when it is whole. */
  out: string;
  spec?: PartialTrainSpec;
  backend?: (typeof backendNames)[number];
  seed?: number;
  /** Threads that share out every step of PinSage's training, each with a wasm backend; 1 unless told. */
  towers?: number;
  /** A model directory, or the `.partial` folder of a run, whose weights and spec training starts from. */
  from?: string | undefined;
  /** Go on from what an interrupted run with the same graph, spec and seed has left, if one has left anything. */
  resume?: boolean;
  /** Seconds between two checkpoints within an epoch; every epoch ends with one. */
  checkpointSeconds?: number;
  /** Replace a model that lies at `out`, or what an interrupted run has left beside it. */
  force?: boolean;
  /** Bytes that training may take beside the graph; what the system can give unless told. */
  memory?: number;
  /** What was typed, for the model's provenance. */
  command?: string;
  progress?: Progress;
  signal?: AbortSignal;
}

/** Where a run keeps what `--resume` needs; removed when the model is whole. */
export function partialDirectory(out: string): string {
  return `${resolve(out)}.partial`;
}

/**
 * From a graph directory to a model directory: hold out validation edges, train PinSage without them and on with
 * them, fit and judge the ranker on them, make everything again from the whole graph, write. Throws `interrupted` where
 * the signal stops it; then `resume` goes on. Throws `locked` where another process trains into the same folder.
 */
export async function trainModel(options: TrainModelOptions): Promise<ModelSummary> {
  const { out, force = false } = options;
  refuseExisting(out, modelFolder, force);
  const partial = partialDirectory(out);
  const release = await namingFullDisk(partial, '', async () => takeTrainingLock(partial));
  try {
    return await trainAlone(options);
  } finally {
    release();
  }
}

async function trainAlone({
  graphDirectory,
  out,
  spec: partial = {},
  backend: backendName = 'auto',
  seed = 1,
  towers = 1,
  from,
  resume = false,
  checkpointSeconds = checkpointSecondsDefault,
  force = false,
  memory,
  command = 'trainModel',
  progress = silentProgress,
  signal,
}: TrainModelOptions): Promise<ModelSummary> {
  const older = from === undefined ? undefined : await openWarmStart(from);
  notePending(graphDirectory, progress);
  const clock = new StageClock(() => stopIfAborted(signal));
  const graph = await clock.time('open', () => openGraph(graphDirectory));
  const spec = older ? warmSpec(older, partial) : suitedSpec(graph, partial);
  const names = sourceNamesFor(graph, spec, partial);
  const networks = names.includes('pintext') ? spec.pintext : [];
  foreseeMemory({
    what: `Training on ${graphDirectory}`,
    bytes: Math.max(...[spec.pinsage, ...networks].map((each) => trainingBytes(graph, each))),
    mend: 'Lower hidden, dimension, neighbours, negatives or batchSize of pinsage or pintext in --config, or use a larger machine.',
    file: graphDirectory,
    ...(memory !== undefined && { left: memory }),
  });
  const { holdout, isKept } = holdoutFor(graph, spec, seed, older?.holdout);
  // Before anything that an interrupted run has left is put aside.
  const backend = await openBackend(backendName);
  const checkpoints = partialDirectory(out);
  const kept = 'Checkpoints made before are kept: go on with --resume.';
  const resumed = await namingFullDisk(checkpoints, '', async () =>
    openPartial(
      checkpoints,
      { graph_id: graph.id, seed, spec, ...(older && { from: older.from }), ...(towers > 1 && { towers }) },
      resume,
      // Whoever starts from an interrupted run's weights has what it reached.
      force || (from !== undefined && resolve(from) === checkpoints),
    ),
  );
  progress.note(`${backend.description}; ${resumed ? 'going on with an interrupted run' : 'starting'}`);

  if (older && from !== undefined && !isKept) progress.note(flattery(from, older.holdout));
  if (older) unreadRelations(older, graph).forEach(progress.note);
  writeJson(join(checkpoints, modelFiles.holdout), keepHoldout(holdout));
  const run = {
    backend,
    towers,
    resume: resumed,
    checkpointSeconds,
    progress,
    ...(signal ? { signal } : {}),
  };
  const train = async (
    start: PinSageModel | undefined,
    { field, ...own }: Pick<TrainPinSageOptions, 'directory' | 'spec' | 'seed'> & { field: string },
  ): Promise<TrainedWeights> => {
    const trained = await clock.time('train', () =>
      namingFullDisk(checkpoints, kept, () =>
        trainWeights(graph, holdout, {
          ...run,
          ...own,
          part: { field: `${field}.learningRate`, learningRate: own.spec.learningRate, directory: checkpoints },
          ...(start && { from: start }),
        }),
      ),
    );
    stopIfAborted(signal);
    return trained;
  };
  const begun = beginFit({ graph, holdout, names, seed, progress });
  const trainAndFit = async () => {
    const pinsage = await train(older?.pinsage, { field: 'pinsage', directory: checkpoints, spec: spec.pinsage, seed });
    const pintext: TrainedWeights[] = [];
    for (const [network, own] of networks.entries()) {
      const ofSeveral = networks.length > 1 ? `, network ${network + 1} of ${networks.length}` : '';
      progress.note(`Training PinText, the vectors of words${ofSeveral}`);
      const directory = join(checkpoints, 'pintext', String(network + 1));
      const field = networks.length > 1 ? `pintext[${network}]` : 'pintext';
      // Networks of one spec should differ too.
      pintext.push(await train(older?.pintext[network], { field, directory, spec: own, seed: seed + network }));
    }
    const weights = { pinsage, pintext };
    // A run that did not end has no axes yet.
    const like = older?.table && older.pinsage;
    const fitted = await fitModel({ graph, holdout, weights, like, backend, spec, seed, begun, clock, progress });
    stopIfAborted(signal);
    return fitted;
  };
  const fitted = await trainAndFit().finally(begun.fitting.end);
  const drift = older?.table && driftBetween(older.table, tableOf(graph, fitted.vectors, fitted.weights.pinsage.whole));
  if (drift) progress.note(driftText(drift));
  const model = await writeModel({
    directory: out,
    graph,
    fitted,
    spec: modelSpec({
      graphId: graph.id,
      trainedGraphId: graph.id,
      seed,
      warmStart: older?.from,
      spec,
      fitted,
      command,
      backend: backend.name,
      timings: clock.timings,
    }),
    ofTraining: checkpoints,
    drift,
    force,
  });
  rmSync(checkpoints, { recursive: true, force: true });
  return model;
}

interface RunRequest {
  readonly graph_id: string;
  readonly seed: number;
  readonly spec: TrainSpec;
  readonly from?: string;
  readonly towers?: number;
}

const partialFolder: FolderKind = {
  what: "an interrupted run's folder",
  marker: { file: runFile, says: '"graph_id"' },
};

const requestNames: Readonly<Record<keyof RunRequest, string>> = {
  graph_id: 'graph',
  seed: 'seed',
  spec: 'spec',
  from: 'model to start from',
  towers: 'number of towers',
};

/** What two requests do not have in common, in words. */
function differences(one: RunRequest, other: RunRequest): string[] {
  const names = Object.keys(requestNames) as (keyof RunRequest)[];
  return names
    .filter((name) => canonicalJson(one[name] ?? null) !== canonicalJson(other[name] ?? null))
    .map((name) => requestNames[name]);
}

/**
 * Makes the folder of checkpoints ready; true where there is a checkpoint of the same run to go on from. What an
 * interrupted run has reached is not thrown away unasked.
 */
function openPartial(directory: string, request: RunRequest, resume: boolean, replace: boolean): boolean {
  const note = join(directory, runFile);
  if (resume && existsSync(note)) {
    const others = differences(readJson<RunRequest>(note), request);
    if (others.length > 0)
      throw new BoardwalkError(
        'mismatch',
        `${directory} holds a run with another ${others.join(' and another ')}. Repeat that run's options, or begin anew with --force in place of --resume.`,
        { file: directory },
      );
    return hasCheckpoint(directory);
  }
  if (!replace && hasCheckpoint(directory))
    throw new BoardwalkError(
      'bad_option',
      `${directory} holds the checkpoint of an interrupted run. Go on with --resume, or begin anew with --force.`,
      { field: 'resume', file: directory },
    );
  putAside(directory);
  writeJson(note, request);
  return false;
}

/**
 * Makes room for another run in the folder of one that was interrupted. What that one has reached is kept until the new
 * one is whole: it may fail at its first step, having begun from these very weights.
 */
function putAside(directory: string): void {
  const left = readdirSync(directory).filter((name) => name !== lockFile && name !== earlierRun);
  if (left.length === 0) return;
  refuseForeign(directory, partialFolder);
  const earlier = join(directory, earlierRun);
  const reached = hasCheckpoint(directory);
  if (reached) {
    rmSync(earlier, { recursive: true, force: true });
    mkdirSync(earlier);
  }
  for (const name of left) {
    if (reached) renameSync(join(directory, name), join(earlier, name));
    else rmSync(join(directory, name), { recursive: true });
  }
}
