import type { Topology } from '../graph/graph.js';
import type { BatchTargets } from '../model/contrast.js';
import type { Encoder } from '../model/encoder.js';
import {
  batchRows,
  contentWidth,
  hideDegrees,
  hideIds,
  hideWords,
  type PinInputs,
  reusedRoom,
  type Room,
} from '../model/features.js';
import { openEncoder } from '../model/open-encoder.js';
import type { PinSageSpec } from '../model/spec.js';
import type { FittedFeatures, Weights } from '../model/weights.js';
import { random, streamOf } from '../random.js';
import type { MiniBatch } from '../sampling/minibatch.js';
import { Adam } from './adam.js';
import { batchTargets, type NegativeChances } from './batch-targets.js';
import type { BoardBatch } from './epoch-batches.js';
import { trainingStep } from './step.js';

/** What every step reads and none changes. */
export interface TrainingData {
  readonly topology: Topology;
  readonly spec: PinSageSpec;
  readonly features: FittedFeatures;
  /** Those of all pins, and of all boards if they are read. */
  readonly inputs: PinInputs;
  readonly chances: NegativeChances;
  readonly seed: number;
}

/** Weights with the state of the optimiser that moves them. */
export interface TrainingState {
  readonly weights: Weights;
  /** Adam's, absent at the start. */
  readonly moments?: Weights;
  readonly steps: number;
}

/** Holds the weights and moves them. */
export interface Trainer {
  /** One step; gives the batch's loss. */
  step(batch: BoardBatch, learningRate: number): Promise<number>;
  /** The encoder with the weights as they are now; it stays the trainer's. */
  encoder(): Encoder;
  /** Copies of the trained weights and of Adam's moments, as they are now. */
  state(): Promise<{ weights: Weights; moments: Weights }>;
  close(): Promise<void>;
}

const idDropoutStream = 0x6964;
const wordDropoutStream = 0x7764;

/** A batch's rows of the inputs, with the degree hidden where the neighbourhood is, and some pins' ids. */
export function batchInputs({ spec, features, inputs, seed }: TrainingData, batch: MiniBatch, room?: Room): PinInputs {
  const picked = batchRows(inputs, batch, room);
  const { idDropout, wordDropout } = spec.features;
  if (idDropout > 0) {
    // By pin and not by row, for towers each hold some of a batch's rows.
    const drawn = (pin: number): number => streamOf(seed, idDropoutStream, batch.epoch, batch.index, pin) / 2 ** 32;
    hideIds(picked, (row) => drawn(batch.nodes[row]) < idDropout);
  }
  if (wordDropout > 0)
    hideWords(
      picked,
      wordDropout,
      (row) => random(seed, wordDropoutStream, batch.epoch, batch.index, batch.nodes[row]).float,
    );
  if (spec.features.logDegree && batch.layers.length > 0)
    hideDegrees(picked, contentWidth(spec.features, features), batch.layers[0]);
  return picked;
}

/** Trains here, with the backend that is open. */
export function soleTrainer(data: TrainingData, { weights, moments, steps }: TrainingState): Trainer {
  const encoder = openEncoder(data.spec, weights);
  const adam = new Adam(encoder.variables, moments && { steps, moments });
  const room = reusedRoom();
  return {
    step({ batch, boards }, learningRate) {
      const targets: BatchTargets = batchTargets(data.topology, data.spec, data.chances, boards, batch);
      return trainingStep(encoder, adam, batch, batchInputs(data, batch, room), targets, learningRate);
    },
    encoder: () => encoder,
    state: async () => ({ weights: await encoder.snapshot(), moments: await adam.moments() }),
    async close() {
      adam.dispose();
      encoder.dispose();
    },
  };
}
