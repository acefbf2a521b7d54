import { mkdir } from 'node:fs/promises';
import { embeddingEpoch } from '../embedding/embed-pins.js';
import { BoardwalkError } from '../errors.js';
import type { EdgeList } from '../graph/adjacency.js';
import type { Graph } from '../graph/graph.js';
import { relationsNamed } from '../graph/relations.js';
import type { Backend } from '../model/backends.js';
import { encodeNodes } from '../model/board-features.js';
import { type FeatureFit, fitFeatures } from '../model/features.js';
import { initialWeights } from '../model/initial-weights.js';
import { placeIds } from '../model/latent-ids.js';
import { openPinSage } from '../model/model-file.js';
import type { PinSageSpec } from '../model/spec.js';
import { walksOf } from '../model/walks.js';
import type { PinSageModel, Weights } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import type { HardNegatives } from '../sampling/hard-negatives.js';
import { nodeNeighbourhoods, type NodeWalkOptions } from '../sampling/board-neighbourhoods.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import { besideEachOther, relationNeighbourhoods } from '../sampling/relation-neighbourhoods.js';
import { type WalkPool, walkPool } from '../sampling/pool.js';
import { negativeChances } from './batch-targets.js';
import { bestWeightsPath, checkpointSecondsDefault, openCheckpoint, type Position } from './checkpoint.js';
import { DivergenceWatch } from './divergence.js';
import type { DivergedPart } from './diverged-batch.js';
import type { BoardBatch } from './epoch-batches.js';
import { checkFiniteFeatures } from './finite-features.js';
import { foldNeighbourhoods } from './folds.js';
import { RunCheckpoints } from './run-checkpoints.js';
import { towerTrainer } from './towers/tower-trainer.js';
import { soleTrainer, type Trainer, type TrainingData, type TrainingState } from './trainer.js';
import { openTrainingLog, type TrainingLog } from './training-log.js';
import { type ValidationBoard, validationBoards } from './validation.js';
import { fitOf, warmWeights } from './warm-weights.js';

export interface TrainPinSageOptions {
  spec: PinSageSpec;
  backend: Backend;
  seed: number;
  /** Edges that the graph does not hold, on which every epoch is judged; with none, the last epoch is kept. */
  validation: EdgeList;
  /** Where the best weights, the checkpoint and the training log are written. */
  directory: string;
  /** An older model to start from, where nothing is resumed: its weights, and how it reads features. */
  from?: PinSageModel;
  /** Go on from the checkpoint in `directory`. */
  resume?: boolean;
  /** Seconds between two checkpoints within an epoch, 60 by default; every epoch ends with one. */
  checkpointSeconds?: number;
  /** Threads that share out every step, each with a wasm backend of its own; 1, the default, trains here. */
  towers?: number;
  /** Walk workers; the processor's threads by default. */
  threads?: number;
  progress?: Progress;
  /** How an error names what is trained, where that is a part of a longer run. */
  part?: DivergedPart;
  /** When aborted, training stops after the step at hand, with a checkpoint to go on from. */
  signal?: AbortSignal;
}

/** Everything that one run holds between its steps. */
export interface Run {
  readonly graph: Graph;
  readonly spec: PinSageSpec;
  readonly seed: number;
  readonly directory: string;
  readonly part: DivergedPart;
  readonly fit: FeatureFit;
  readonly data: TrainingData;
  readonly pool: WalkPool;
  readonly neighbourhoods: Neighbourhoods;
  /** What epoch after epoch trains over, by fold, walked without the fold's boards; absent where epochs walk anew. */
  readonly walked: readonly (readonly Neighbourhoods[])[] | undefined;
  /** Neighbourhoods in the graph's relations, the same in every fold and epoch. */
  readonly related: readonly Neighbourhoods[];
  /** Threads of a pool of walks; the processor's where undefined. */
  readonly threads: number | undefined;
  hardNegatives?: HardNegatives;
  readonly boards: readonly ValidationBoard[];
  readonly trainer: Trainer;
  readonly position: Position;
  best: Weights;
  readonly watch: DivergenceWatch;
  readonly log: TrainingLog;
  readonly checkpoints: RunCheckpoints;
  /** When the first step of this process began, and after how many others. */
  readonly started: { readonly time: number; readonly steps: number };
  /** The batch of the last step, with the learning rate that it had. */
  last?: BoardBatch & { learningRate: number };
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** Makes a run ready for its next step: its first one, or the one after the checkpoint. */
export async function openRun(graph: Graph, options: TrainPinSageOptions): Promise<Run> {
  checkTowers(options);
  await mkdir(options.directory, { recursive: true });
  const pool = walkPool(graph.topology, { threads: options.threads });
  try {
    return await openRunWith(pool, graph, options);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

async function openRunWith(pool: Run['pool'], graph: Graph, options: TrainPinSageOptions): Promise<Run> {
  const { spec, seed, directory, threads, signal, progress = silentProgress } = options;
  const { from } = options;
  const fit = from ? fitOf(from, graph) : await fitFeatures(graph, spec.features, seed);
  const { features } = fit;
  const inputs = encodeNodes(graph, spec, fit);
  checkFiniteFeatures(graph, fit, inputs);
  const start = options.resume
    ? openCheckpoint(directory, { spec, features, seed, graphId: graph.id })
    : {
        model: {
          weights: from
            ? warmWeights(from, spec, fit, seed)
            : await placeIds(initialWeights(spec, fit, seed), graph, spec, fit, seed),
        },
        moments: undefined,
        position: { epoch: 1, batch: 0, steps: 0, bestHitRate: -1, bestEpoch: 0 },
      };
  const { position, moments } = start;
  const { weights } = start.model;
  const walks = walksOf(spec, seed, embeddingEpoch);
  const relations = relationsNamed(graph, features.relations ?? []);
  const related = await relationNeighbourhoods(relations, walks, { threads: options.threads });
  const neighbourhoods = besideEachOther(await nodeNeighbourhoods(pool, walks, progress), related);
  const data = {
    topology: graph.topology,
    spec,
    features,
    inputs,
    chances: negativeChances(graph.topology, spec),
    seed,
  };
  const log = openTrainingLog(directory, options.resume ? position : { steps: 0, epoch: 0 });
  return {
    graph,
    spec,
    seed,
    directory,
    part: options.part ?? { field: 'learningRate', learningRate: spec.learningRate, directory },
    fit,
    data,
    pool,
    neighbourhoods,
    walked: await walkedForAll(graph, walks, neighbourhoods, related, options),
    related,
    threads,
    boards: validationBoards(graph, options.validation, seed),
    position,
    best: position.bestHitRate >= 0 ? openPinSage(bestWeightsPath(directory)).weights : weights,
    watch: new DivergenceWatch(log.kept),
    log,
    checkpoints: new RunCheckpoints(directory, {
      seconds: options.checkpointSeconds ?? checkpointSecondsDefault,
      resumed: options.resume ?? false,
    }),
    started: { time: performance.now(), steps: position.steps },
    progress,
    signal,
    // Last, for nothing that fails after it would close it.
    trainer: openTrainer(data, { weights, moments, steps: position.steps }, options),
  };
}

function checkTowers({ towers = 1, backend }: TrainPinSageOptions): void {
  if (towers > 1 && backend.name !== 'wasm')
    throw new BoardwalkError('bad_option', `Towers compute with wasm, not with ${backend.name}: add --backend wasm.`, {
      field: 'towers',
    });
}

function openTrainer(data: TrainingData, state: TrainingState, { towers = 1 }: TrainPinSageOptions): Trainer {
  return towers === 1 ? soleTrainer(data, state) : towerTrainer(data, state, towers);
}

async function walkedForAll(
  { topology }: Graph,
  walks: NodeWalkOptions,
  ofWholeGraph: Neighbourhoods,
  related: readonly Neighbourhoods[],
  { spec: { folds, traversals }, threads, signal }: TrainPinSageOptions,
): Promise<Run['walked']> {
  if (traversals > 0) return undefined;
  return folds > 1
    ? foldNeighbourhoods(topology, { folds, walks: [walks], related, threads, signal })
    : [[ofWholeGraph]];
}
