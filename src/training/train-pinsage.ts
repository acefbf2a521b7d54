import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddingEpoch } from '../embedding/embed-pins.js';
import { embedLayerWise } from '../embedding/layer-wise.js';
import { BoardwalkError } from '../errors.js';
import type { EdgeList } from '../graph/adjacency.js';
import type { Graph } from '../graph/graph.js';
import type { Backend } from '../model/backends.js';
import {
  contentWidth,
  encodePins,
  type FeatureFit,
  fitFeatures,
  hideDegrees,
  type PinInputs,
  pickInputs,
} from '../model/features.js';
import { initialWeights } from '../model/initial-weights.js';
import { openPinSage, savePinSage } from '../model/model-file.js';
import { PinSageNetwork } from '../model/pinsage.js';
import type { PinSageSpec } from '../model/spec.js';
import type { PinSageModel, Weights } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import { streamOf } from '../random.js';
import { type BatchLoader, batchLoader } from '../sampling/batch-loader.js';
import { type HardNegatives, hardNegativesInEpoch, mineHardNegatives } from '../sampling/hard-negatives.js';
import { allNeighbourhoods } from '../sampling/importance-neighbourhoods.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import type { MiniBatch } from '../sampling/minibatch.js';
import { type WalkPool, walkPool } from '../sampling/pool.js';
import { Adam } from './adam.js';
import { batchTargets, type NegativeChances, negativeChances } from './batch-targets.js';
import { type BoardPairs, boardPairs } from './board-pairs.js';
import { openCheckpoint, type Position, saveCheckpoint } from './checkpoint.js';
import { foldNeighbourhoods, foldOf, inTurn } from './folds.js';
import { learningRateAt } from './learning-rate.js';
import { trainingStep } from './step.js';
import { openTrainingLog, type TrainingRecord } from './training-log.js';
import { hitRateAt, type ValidationBoard, validationBoards } from './validation.js';

export interface TrainPinSageOptions {
  spec: PinSageSpec;
  backend: Backend;
  seed: number;
  /** Edges that the graph does not hold, on which every epoch is judged; with none, the last epoch is kept. */
  validation: EdgeList;
  /** Where the best weights, the checkpoint and the training log are written. */
  directory: string;
  /** Go on from the checkpoint in `directory`. */
  resume?: boolean;
  /** Walk workers; the processor's threads by default. */
  threads?: number;
  progress?: Progress;
  /** When aborted, training stops after the step at hand, with a checkpoint to go on from. */
  signal?: AbortSignal;
}

/** Everything that one run holds between its epochs. */
interface Run {
  graph: Graph;
  spec: PinSageSpec;
  seed: number;
  directory: string;
  fit: FeatureFit;
  inputs: PinInputs;
  pool: WalkPool;
  neighbourhoods: Neighbourhoods;
  /** One a fold, walked without the fold's boards; the whole graph's own where there is one fold. */
  foldNeighbourhoods: Neighbourhoods[];
  hardNegatives?: HardNegatives;
  chances: NegativeChances;
  boards: ValidationBoard[];
  network: PinSageNetwork;
  adam: Adam;
  position: Position;
  best: Weights;
  log: (record: TrainingRecord) => void;
  progress: Progress;
  signal: AbortSignal | undefined;
}

/** Where the weights of the best epoch so far lie while training goes on. */
export function bestWeightsPath(directory: string): string {
  return join(directory, 'weights.safetensors');
}

/**
 * Trains PinSage on a graph and gives the weights of the epoch with the best validation hit rate. Throws
 * `diverged` where the loss is no longer a number and `interrupted` where the signal stopped it; then
 * `resume` goes on from the step at which it stopped.
 */
export async function trainPinSage(graph: Graph, options: TrainPinSageOptions): Promise<PinSageModel> {
  const run = await openRun(graph, options);
  try {
    while (run.position.epoch <= run.spec.epochs && !outOfPatience(run)) await trainEpoch(run);
    return { spec: run.spec, features: run.fit.features, weights: run.best };
  } finally {
    run.adam.dispose();
    run.network.dispose();
    await run.pool.close();
  }
}

async function openRun(graph: Graph, options: TrainPinSageOptions): Promise<Run> {
  const { spec, seed, directory, threads, signal, progress = silentProgress } = options;
  await mkdir(directory, { recursive: true });
  const fit = fitFeatures(graph, spec.features, seed);
  const { features } = fit;
  const start = options.resume
    ? openCheckpoint(directory, { spec, features, seed, graphId: graph.id })
    : {
        model: { weights: initialWeights(spec, fit, seed) },
        moments: undefined,
        position: { epoch: 1, batch: 0, steps: 0, bestHitRate: -1, bestEpoch: 0 },
      };
  const best =
    options.resume && start.position.bestEpoch > 0
      ? openPinSage(bestWeightsPath(directory)).weights
      : start.model.weights;
  const pool = walkPool(graph.topology, threads === undefined ? {} : { threads });
  const { neighbours, steps, restart } = spec;
  const walks = { neighbours, steps, restart, seed, epoch: embeddingEpoch };
  const neighbourhoods = await allNeighbourhoods(pool, walks, progress).catch(async (error) => {
    await pool.close();
    throw error;
  });
  const parts =
    spec.folds > 1 ? await foldNeighbourhoods(graph.topology, spec.folds, walks, threads) : [neighbourhoods];
  const network = new PinSageNetwork(spec, start.model.weights);
  const { position, moments } = start;
  return {
    graph,
    spec,
    seed,
    directory,
    fit,
    inputs: encodePins(graph, spec.features, fit),
    pool,
    neighbourhoods,
    foldNeighbourhoods: parts,
    chances: negativeChances(graph.topology, spec),
    boards: validationBoards(graph, options.validation, seed),
    network,
    adam: new Adam(network.variables, moments && { steps: position.steps, moments }),
    position,
    best,
    log: openTrainingLog(directory, position.steps),
    progress,
    signal,
  };
}

function outOfPatience({ spec, position, boards }: Run): boolean {
  return boards.length > 0 && position.bestEpoch > 0 && position.epoch - 1 - position.bestEpoch >= spec.patience;
}

/** One epoch from where the run stands: the batches, validation, the best weights, a checkpoint. */
async function trainEpoch(run: Run): Promise<void> {
  const { spec, position, progress } = run;
  const { epoch } = position;
  const folds = await epochFolds(run);
  const batches = folds.reduce((total, { loader }) => total + loader.batches, 0);
  const stage = progress.stage(`epoch ${epoch} of ${spec.epochs}`, batches);
  let loss = Number.NaN;
  let index = 0;
  let started = performance.now();
  for await (const { item: batch, source } of inTurn(folds.map(({ loader }) => loader))) {
    // After a resume, the batches that were done are made again and passed over.
    if (index++ < position.batch) continue;
    const learningRate = learningRateAt(spec, epoch, index / batches);
    loss = await trainBatch(run, batch, folds[source].pairs, learningRate);
    position.steps++;
    position.batch = index;
    if (!Number.isFinite(loss)) throw diverged(run, `its loss at step ${position.steps} is ${loss}`);
    const now = performance.now();
    const rate = (1000 * batch.queries.length) / (now - started);
    started = now;
    run.log(record(run, loss, learningRate, rate));
    stage.update(index, { loss, 'pairs/s': Math.round(rate) });
    await stopIfAsked(run);
  }
  const hitRate = await validate(run);
  stage.finish(`loss ${loss.toFixed(4)}  hit rate@${spec.validationRank} ${hitRate.toFixed(4)}`);
  run.log({ ...record(run, loss, learningRateAt(spec, epoch, 1), 0), hit_rate: hitRate });
  if (hitRate > position.bestHitRate || run.boards.length === 0) {
    run.best = await currentWeights(run);
    position.bestHitRate = hitRate;
    position.bestEpoch = epoch;
    await savePinSage(bestWeightsPath(run.directory), { spec, features: run.fit.features, weights: run.best });
  }
  position.epoch++;
  position.batch = 0;
  await checkpoint(run);
}

function trainBatch(run: Run, batch: MiniBatch, pairs: BoardPairs, learningRate: number): Promise<number> {
  const { graph, spec, fit, network, adam } = run;
  const inputs = pickInputs(run.inputs, batch.nodes);
  if (spec.features.logDegree) hideDegrees(inputs, contentWidth(spec.features, fit.features), batch.layers[0]);
  const targets = batchTargets(graph.topology, spec, run.chances, pairs, batch);
  return trainingStep(network, adam, batch, inputs, targets, learningRate);
}

/** An epoch's pairs and batches, one part for each fold. */
async function epochFolds(run: Run): Promise<{ pairs: BoardPairs; loader: BatchLoader }[]> {
  const { spec, seed, pool, graph } = run;
  const { epoch } = run.position;
  const { batchSize, negatives, negativeDistribution, layers, neighbourDropout, folds } = spec;
  const hardNegatives = hardNegativesInEpoch(epoch, spec.hardNegatives);
  if (hardNegatives > 0) run.hardNegatives ??= await mine(run);
  const parts = run.foldNeighbourhoods.map((neighbourhoods, fold) => {
    const pairs = boardPairs(graph.topology, {
      pinsPerBoard: spec.pinsPerBoard,
      limit: Math.ceil(spec.pairsPerEpoch / folds),
      epoch,
      seed,
      accepts: (board) => foldOf(board, folds, seed) === fold,
    });
    const sizes = { batchSize, negatives, negativeDistribution, layers, neighbourDropout, hardNegatives };
    const loader = batchLoader(pool, {
      ...sizes,
      neighbourhoods,
      pairs,
      epoch,
      hardNegativePool: run.hardNegatives,
      // With folds, the pair's own board is not among those walked.
      dropPairNeighbours: folds === 1,
      seed: streamOf(seed, fold),
      ahead: Math.max(1, Math.ceil((2 * pool.threads) / folds)),
    });
    return { pairs, loader };
  });
  if (parts.some(({ pairs }) => pairs.queries.length > 0)) return parts;
  throw new BoardwalkError('bad_file', 'The graph has no board with two pins, so there is nothing to train on.');
}

/** Hard negatives of every pin that can be a query. */
function mine({ graph, pool, seed, progress }: Run): Promise<HardNegatives> {
  const { offsets } = graph.topology.pins;
  const queries = Uint32Array.from({ length: graph.pins.size }, (_, pin) => pin).filter(
    (pin) => offsets[pin + 1] > offsets[pin],
  );
  return mineHardNegatives(pool, queries, { seed }, progress);
}

async function validate(run: Run): Promise<number> {
  const vectors = await embedLayerWise(run.network, run.inputs, run.neighbourhoods);
  if (!vectors.every(Number.isFinite))
    throw diverged(run, `its vectors after epoch ${run.position.epoch} are not finite`);
  return hitRateAt(run.spec.validationRank, run.boards, vectors, run.spec.dimension);
}

function diverged({ spec }: Run, how: string): BoardwalkError {
  return new BoardwalkError('diverged', `Training diverged: ${how}. Lower learningRate, now ${spec.learningRate}.`, {
    field: 'learningRate',
  });
}

function record({ position }: Run, loss: number, learningRate: number, pairsPerSecond: number): TrainingRecord {
  return {
    step: position.steps,
    epoch: position.epoch,
    loss,
    learning_rate: learningRate,
    pairs_per_second: Math.round(pairsPerSecond),
    memory: process.memoryUsage.rss(),
  };
}

async function stopIfAsked(run: Run): Promise<void> {
  if (!run.signal?.aborted) return;
  await checkpoint(run);
  throw new BoardwalkError(
    'interrupted',
    `Training was stopped after step ${run.position.steps}: run the same command with --resume to go on.`,
  );
}

async function currentWeights({ network, fit }: Run): Promise<Weights> {
  return new Map([...(await network.snapshot()), ...fit.fitted]);
}

async function checkpoint(run: Run): Promise<void> {
  const { spec, fit, seed, graph, position, adam, directory } = run;
  const model = { spec, features: fit.features, weights: await currentWeights(run) };
  await saveCheckpoint(directory, { model, moments: await adam.moments(), position, seed, graphId: graph.id });
}
