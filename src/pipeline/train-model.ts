import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foreseeMemory } from '../data/available-memory.js';
import { namingFullDisk } from '../data/full-disk.js';
import { refuseExisting } from '../data/whole-directory.js';
import { driftBetween, driftText } from '../embedding/drift.js';
import { tableOf } from '../embedding/table-of.js';
import { notePending } from '../graph/live/pending.js';
import { openGraph } from '../graph/open.js';
import { backendNames, openBackend } from '../model/backends.js';
import { type Progress, silentProgress } from '../progress.js';
import { writeJson } from '../registry/json-file.js';
import { modelFiles, modelFolder } from '../registry/model-files.js';
import type { ModelSummary } from '../registry/model.js';
import { checkpointSecondsDefault } from '../training/checkpoint.js';
import { stopIfAborted } from '../training/stop-if-aborted.js';
import { beginFit, fitModel } from './fit/fit-model.js';
import { sourceNamesFor } from './spec/source-names.js';
import { flattery, chooseHoldout } from './holdout/choose-holdout.js';
import { keepHoldout } from './holdout/kept-holdout.js';
import { modelSpec } from './spec/model-spec.js';
import { suitedSpec } from './spec/suited-spec.js';
import type { PartialTrainSpec } from './spec/train-spec.js';
import { StageClock } from './stage-clock.js';
import { networksOf, trainingNeed } from './training-need.js';
import { openPartial, partialDirectory } from './weights/partial-run.js';
import { trainNetworks } from './weights/train-networks.js';
import { takeTrainingLock } from './weights/training-lock.js';
import { openWarmStart, unreadRelations, warmSpec } from './weights/warm-start.js';
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
  from?: string;
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
  const networks = networksOf(spec, names);
  foreseeMemory({
    what: `Training on ${graphDirectory}`,
    bytes: trainingNeed(graph, networks),
    mend: 'Lower hidden, dimension, neighbours, negatives or batchSize of pinsage or pintext in --config, or use a larger machine.',
    file: graphDirectory,
    left: memory,
  });
  const { holdout, isKept } = chooseHoldout(graph, spec, seed, older?.holdout);
  // Before anything that an interrupted run has left is put aside.
  const backend = await openBackend(backendName);
  const checkpoints = partialDirectory(out);
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
  const begun = beginFit({ graph, holdout, names, seed, progress });
  const trainAndFit = async () => {
    const weights = await trainNetworks({
      graph,
      holdout,
      specs: networks,
      seed,
      older,
      directory: checkpoints,
      backend,
      towers,
      resume: resumed,
      checkpointSeconds,
      clock,
      progress,
      signal,
    });
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
