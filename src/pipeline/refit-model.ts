import { dirname, join } from 'node:path';
import { refuseForeign } from '../data/folder-kind.js';
import { realPath } from '../data/real-path.js';
import { restoreDirectory } from '../data/whole-directory.js';
import { driftBetween } from '../embedding/drift.js';
import { openEmbeddingTable } from '../embedding/table-file.js';
import { tableOf } from '../embedding/table-of.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { typeOf } from '../embedding/vectors.js';
import { BoardwalkError } from '../errors.js';
import { notePending } from '../graph/live/pending.js';
import { openGraph } from '../graph/open.js';
import { type backendNames, openBackend } from '../model/backends.js';
import { type Progress, silentProgress } from '../progress.js';
import { assertRenewable } from '../registry/assert-renewable.js';
import { checkModelFiles } from '../registry/model-checksums.js';
import { modelFiles, modelFolder } from '../registry/model-files.js';
import { type ModelSummary, readSummary } from '../registry/model.js';
import { beginFit, fitModel } from './fit/fit-model.js';
import { flattery, chooseHoldout } from './holdout/choose-holdout.js';
import { readHoldout } from './holdout/kept-holdout.js';
import { modelSpec, trainSpecOf } from './spec/model-spec.js';
import { StageClock } from './stage-clock.js';
import { openWeights } from './weights/model-weights.js';
import { writeModel } from './write-model.js';

export interface RefitModelOptions {
  graphDirectory: string;
  /** Replaced by the renewed model when that is whole. */
  modelDirectory: string;
  backend?: (typeof backendNames)[number];
  command?: string;
  progress?: Progress;
}

/** Renews everything of a model but what was trained, for a graph: vectors, sources, index, ranker and figures. */
export async function refitModel({
  graphDirectory,
  modelDirectory,
  backend: backendName = 'auto',
  command = 'refitModel',
  progress = silentProgress,
}: RefitModelOptions): Promise<ModelSummary> {
  // A renewal that was killed between its last two steps has moved the model aside.
  restoreDirectory(modelDirectory);
  const old = readSummary(modelDirectory);
  refuseForeign(modelDirectory, modelFolder);
  const place = realPath(modelDirectory);
  assertRenewable(modelDirectory, [dirname(place), place]);
  // What is taken over as it is, beside weights, which have checksums of their own.
  checkModelFiles(modelDirectory, [modelFiles.holdout, modelFiles.training]);
  const { seed } = old.spec;
  const spec = trainSpecOf(old.spec);
  notePending(graphDirectory, progress);
  const clock = new StageClock();
  const graph = await clock.time('open', () => openGraph(graphDirectory));
  const backend = await openBackend(backendName);
  const weights = openWeights(modelDirectory, old.spec);
  const before = await tableBefore(modelDirectory, progress);
  const kept = readHoldout(modelDirectory);
  const { holdout, isKept } = chooseHoldout(graph, spec, seed, kept);
  if (!isKept) progress.note(flattery(modelDirectory, kept));
  const input = { graph, holdout, seed, progress };
  const begun = beginFit({ ...input, names: spec.sources });
  const like = weights.pinsage.heldOut;
  const fitted = await fitModel({ ...input, spec, weights, like, backend, begun, clock }).finally(begun.fitting.end);
  return writeModel({
    directory: modelDirectory,
    graph,
    fitted,
    spec: modelSpec({
      graphId: graph.id,
      trainedGraphId: old.spec.trained_graph_id,
      seed,
      warmStart: old.spec.warm_start,
      spec,
      fitted,
      command,
      backend: backend.name,
      timings: clock.timings,
    }),
    type: before && typeOf(before.vectors),
    ofTraining: modelDirectory,
    drift: before && driftBetween(before, tableOf(graph, fitted.vectors, fitted.weights.pinsage.whole)),
    renews: old.id,
    force: true,
  });
}

/** The vectors that are renewed; those that cannot be read are what a renewal mends. */
async function tableBefore(modelDirectory: string, progress: Progress): Promise<EmbeddingTable | undefined> {
  try {
    return await openEmbeddingTable(join(modelDirectory, modelFiles.table));
  } catch (error) {
    if (!(error instanceof BoardwalkError)) throw error;
    progress.note(`The vectors in ${modelDirectory} cannot be read: the new ones are kept as float32.`);
    return undefined;
  }
}
