import * as tf from '@tensorflow/tfjs-core';
import { BoardwalkError } from '../../errors.js';
import type { PinInputs } from '../../model/features.js';
import { trainedWeights } from '../../model/initial-weights.js';
import { openEncoder } from '../../model/open-encoder.js';
import { sharedMatrix } from '../../model/sparse-product.js';
import { type MiniBatch, ownPins } from '../../sampling/minibatch.js';
import { inSharedMemory } from '../../sampling/shared-arrays.js';
import { startThreads } from '../../threads.js';
import type { Trainer, TrainingData, TrainingState } from '../trainer.js';
import { Barrier } from './barrier.js';
import { towerMemory, unpacked } from './tower-memory.js';
import type { TowerTask, TowerWork } from './tower.js';

/**
 * Trains in several threads that share out the rows of every batch. The weights are those of one tower but for
 * the order of sums, and the same to the bit for the same number of towers.
 */
export function towerTrainer(data: TrainingData, { weights, moments, steps }: TrainingState, towers: number): Trainer {
  const { spec } = data;
  const memory = towerMemory(data, towers, trainedWeights(weights), moments);
  const encoder = openEncoder(spec, weights);
  const sharedData = inShared(data);
  const threads = Array.from({ length: towers }, (_, rank) => {
    const work: TowerWork = { data: sharedData, memory, place: { rank, towers } };
    return startThreads('tower', { threads: 1, workerData: work });
  });
  const barrier = new Barrier(memory.barrier, towers);
  const end = async (): Promise<void> => void (await Promise.all(threads.map((each) => each.end())));
  let failure: Error | undefined;
  const failed = (cause: Error): Error => {
    if (!failure) {
      barrier.fail();
      void end();
    }
    failure ??= new BoardwalkError('interrupted', `A training tower failed: ${cause.message}`, {}, { cause });
    return failure;
  };
  for (const { pool } of threads) pool.on('error', failed);
  let done = steps;
  return {
    async step(boardBatch, learningRate) {
      checkSize(boardBatch.batch, towers);
      const task: TowerTask = { boardBatch, learningRate, step: ++done };
      try {
        const losses: number[] = await Promise.all(threads.map(({ pool }) => pool.run(task, { name: 'step' })));
        return losses.reduce((sum, loss) => sum + loss, 0);
      } catch (error) {
        throw failed(error as Error);
      }
    },
    encoder() {
      for (const [name, { shape, values }] of unpacked(memory, memory.weights))
        tf.tidy(() => encoder.variables.get(name)?.assign(tf.tensor(values, [...shape])));
      return encoder;
    },
    state: async () => ({
      weights: unpacked(memory, memory.weights),
      moments: new Map([...unpacked(memory, memory.first, '#first'), ...unpacked(memory, memory.second, '#second')]),
    }),
    async close() {
      encoder.dispose();
      await end();
    },
  };
}

function checkSize(batch: MiniBatch, towers: number): void {
  const { boards } = batch;
  const pins = ownPins(batch);
  const small =
    pins < towers ? `${pins} pins` : boards && boards.nodes.length < towers && `${boards.nodes.length} boards`;
  if (small)
    throw new BoardwalkError(
      'bad_option',
      `A batch of ${small} is too small for ${towers} towers: train with fewer, or with a larger batchSize.`,
      { field: 'towers' },
    );
}

function inShared({ inputs, ...rest }: TrainingData): TrainingData {
  const shared = ({ pins, dense, text, ids }: PinInputs): PinInputs => ({
    pins,
    dense: { width: dense.width, values: inSharedMemory(dense.values) },
    text: text && sharedMatrix(text),
    ids: ids && sharedMatrix(ids),
  });
  const { boards } = inputs;
  return { ...rest, inputs: { ...shared(inputs), boards: boards && shared(boards) } };
}
