import { embeddingEpoch } from '../embedding/embed-pins.js';
import { embedLayerWise } from '../embedding/layer-wise.js';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { savePinSage } from '../model/model-file.js';
import { walksOf } from '../model/walks.js';
import type { PinSageModel, Weights } from '../model/weights.js';
import { clock, type Figures, type Stage } from '../progress.js';
import { type HardNegatives, hardNegativesInEpoch, mineHardNegatives } from '../sampling/hard-negatives.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import { bestWeightsPath } from './checkpoint.js';
import { divergedError, saveDivergedBatch } from './diverged-batch.js';
import { brokenWeight, ignorantLoss } from './divergence.js';
import { type EpochBatches, epochBatches } from './epoch-batches.js';
import { EpochMeter, type Pace } from './epoch-meter.js';
import { foldNeighbourhoods } from './folds.js';
import { learningRateAt } from './learning-rate.js';
import { openRun, type Run, type TrainPinSageOptions } from './run.js';
import { batchInputs } from './trainer.js';
import type { TrainingRecord } from './training-log.js';
import { heldOutRecall } from './validation.js';

/**
 * Trains PinSage on a graph and gives the weights of the epoch with the best validation hit rate. Throws
 * `diverged` where the loss explodes or is no longer a number, and `interrupted` where the signal stopped it;
 * then `resume` goes on from the step at which it stopped.
 */
export async function trainPinSage(graph: Graph, options: TrainPinSageOptions): Promise<PinSageModel> {
  const run = await openRun(graph, options);
  try {
    if (options.from && !options.resume && run.boards.length > 0) await judgeStart(run);
    while (run.position.epoch <= run.spec.epochs && !outOfPatience(run)) await trainEpoch(run);
    if (run.boards.length > 0) run.progress.note(kept(run));
  } catch (error) {
    // A backend that failed may fail again as it is closed; the first error tells why.
    await closeRun(run).catch(() => {});
    throw error;
  }
  await closeRun(run);
  return { spec: run.spec, features: run.fit.features, weights: run.best };
}

async function closeRun({ trainer, pool }: Run): Promise<void> {
  try {
    await trainer.close();
  } finally {
    await pool.close();
  }
}

function outOfPatience({ spec, position, boards }: Run): boolean {
  return boards.length > 0 && position.bestHitRate >= 0 && position.epoch - 1 - position.bestEpoch >= spec.patience;
}

/** Which weights go on, and why training ended where it did. */
function kept({ spec, position: { epoch, bestEpoch, bestHitRate } }: Run): string {
  const trained = epoch - 1;
  const ended =
    trained < spec.epochs
      ? `Stopped after epoch ${trained} of ${spec.epochs}, for the last ${trained - bestEpoch} bettered nothing. `
      : '';
  const weights = bestEpoch === 0 ? 'The older weights' : `The weights of epoch ${bestEpoch}`;
  return `${ended}${weights} go on: hit rate@${spec.validationRank} ${bestHitRate.toFixed(4)}`;
}

/** Judges the weights of an older model as they are: training has to better them. */
async function judgeStart(run: Run): Promise<void> {
  const hitRate = await validate(run);
  const { validationRank } = run.spec;
  run.progress.note(`The older model's weights: hit rate@${validationRank} ${hitRate.toFixed(4)} before training`);
  run.log.append({ step: 0, epoch: 0, memory: process.memoryUsage.rss(), hit_rate: hitRate });
  await keepBest(run, 0, hitRate);
}

async function keepBest(run: Run, epoch: number, hitRate: number): Promise<void> {
  const { spec, fit, position, directory } = run;
  run.best = (await currentModel(run)).weights;
  position.bestHitRate = hitRate;
  position.bestEpoch = epoch;
  await savePinSage(bestWeightsPath(directory), { spec, features: fit.features, weights: run.best });
}

/** One epoch from where the run stands: the batches, validation, the best weights, a checkpoint. */
async function trainEpoch(run: Run): Promise<void> {
  const { spec, position, progress } = run;
  const { epoch } = position;
  const batches = await batchesOf(run);
  const stage = progress.stage(`epoch ${epoch} of ${spec.epochs}`, batches.count);
  const { meanLoss, pace } = await trainSteps(run, batches, stage);
  const hitRate = await validate(run);
  stage.finish(
    `loss ${meanLoss.toFixed(4)}  ` +
      (run.boards.length > 0 ? `hit rate@${spec.validationRank} ${hitRate.toFixed(4)}  ` : '') +
      `${pace.pairs_per_second.toLocaleString('en-US')} pairs/s, ${percent(pace.idle_share)} waiting for batches`,
  );
  run.log.append({ ...record(run, meanLoss, learningRateAt(spec, epoch, 1), pace), hit_rate: hitRate });
  if (hitRate > position.bestHitRate || run.boards.length === 0) await keepBest(run, epoch, hitRate);
  position.epoch++;
  position.batch = 0;
  await checkpoint(run);
}

/** The steps of an epoch that are not done yet. */
async function trainSteps(run: Run, batches: EpochBatches, stage: Stage): Promise<EpochMeter> {
  const { spec, position, log } = run;
  const { epoch } = position;
  const done = log.kept.filter((each) => each.epoch === epoch && each.hit_rate === undefined);
  let meter = new EpochMeter(done, 0);
  let index = 0;
  for await (const each of batches) {
    // After a resume, the batches that were done are made again and passed over.
    if (index++ < position.batch) {
      meter = new EpochMeter(done, batches.waitedMilliseconds);
      continue;
    }
    const learningRate = learningRateAt(spec, epoch, index / batches.count);
    const loss = await run.trainer.step(each, learningRate);
    position.steps++;
    position.batch = index;
    run.last = { ...each, learningRate };
    const how = run.watch.judge(loss, ignorantLoss(spec, each));
    if (how !== undefined) throw await diverged(run, how);
    const pace = meter.step(loss, each.batch.queries.length, batches.waitedMilliseconds);
    log.append(record(run, loss, learningRate, pace));
    stage.update(index, liveFigures(run, loss, meter.pace, batches.count));
    await checkpointInTime(run);
  }
  return meter;
}

function liveFigures(run: Run, loss: number, pace: Pace, stepsOfEpoch: number): Figures {
  const { spec, position, started } = run;
  const steps = position.steps - started.steps;
  const stepsLeft = (spec.epochs - position.epoch + 1) * stepsOfEpoch - position.batch;
  return {
    loss,
    'pairs/s': pace.pairs_per_second,
    ...(run.boards.length > 0 && position.bestHitRate >= 0 && { 'best hit rate': position.bestHitRate }),
    waiting: percent(pace.idle_share),
    memory: `${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
    'all epochs': `${clock(((performance.now() - started.time) / steps) * stepsLeft)} left`,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}

async function batchesOf(run: Run): Promise<EpochBatches> {
  const { spec, seed, graph, pool, position } = run;
  const { epoch } = position;
  if (hardNegativesInEpoch(epoch, spec.hardNegatives) > 0) run.hardNegatives ??= await mine(run);
  const { hardNegatives } = run;
  const neighbourhoods = run.walked ?? (await walkAnew(run));
  return epochBatches(graph.topology, pool, { spec, epoch, seed, neighbourhoods, hardNegatives });
}

/** The epoch's own walks, each of a stream that no other epoch has. */
function walkAnew({ graph, spec, seed, position, related, threads, signal }: Run): Promise<Neighbourhoods[][]> {
  const { folds, traversals } = spec;
  const first = embeddingEpoch + 1 + (position.epoch - 1) * traversals;
  const walks = Array.from({ length: traversals }, (_, i) => walksOf(spec, seed, first + i));
  return foldNeighbourhoods(graph.topology, { folds, walks, related, threads, signal });
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
  if (run.boards.length === 0) return 0;
  const vectors = await embedLayerWise(run.trainer.encoder(), run.data.inputs, run.neighbourhoods);
  if (!vectors.every(Number.isFinite)) throw await diverged(run, 'its vectors are not finite');
  return heldOutRecall(run.spec.validationRank, run.boards, vectors, run.spec.dimension);
}

function record({ position }: Run, loss: number, learningRate: number, pace: Pace): TrainingRecord {
  return {
    step: position.steps,
    epoch: position.epoch,
    loss,
    learning_rate: learningRate,
    ...pace,
    memory: process.memoryUsage.rss(),
  };
}

/** What to throw when the run has diverged at its last step. */
async function diverged(run: Run, how: string): Promise<BoardwalkError> {
  const { graph, position, directory, trainer, data, last } = run;
  const { weights } = await trainer.state();
  const step = { step: position.steps, epoch: position.epoch, batch: position.batch, how };
  const path =
    last &&
    (await saveDivergedBatch(directory, graph, { ...last, inputs: batchInputs(data, last.batch), weights, step }));
  const good = run.checkpoints.takeBack(position.steps);
  return divergedError(step, path, good === undefined ? undefined : { directory, step: good }, run.part);
}

/** A checkpoint when it is time for one, or when the run is asked to stop. */
async function checkpointInTime(run: Run): Promise<void> {
  const asked = run.signal?.aborted;
  if (asked || (run.checkpoints.due && run.watch.healthy)) await checkpoint(run);
  if (asked)
    throw new BoardwalkError(
      'interrupted',
      `Training was stopped after step ${run.position.steps}: run the same command with --resume to go on.`,
    );
}

async function currentModel({ trainer, fit, spec }: Run): Promise<PinSageModel & { moments: Weights }> {
  const { weights, moments } = await trainer.state();
  return { spec, features: fit.features, weights: new Map([...weights, ...fit.fitted]), moments };
}

async function checkpoint(run: Run): Promise<void> {
  const { seed, graph, position } = run;
  const { moments, ...model } = await currentModel(run);
  const broken = brokenWeight(model.weights);
  if (broken !== undefined) throw await diverged(run, `its weight ${broken} is not finite`);
  await run.checkpoints.save({ model, moments, position, seed, graphId: graph.id });
}
