import * as tf from '@tensorflow/tfjs-core';
import { adamRate } from '../../adam-rate.js';
import { heapTensor, heapView } from '../../model/arithmetic/wasm-heap.js';
import { openBackend } from '../../model/backends.js';
import { differentiable } from '../../model/differentiable.js';
import type { Encoder } from '../../model/encoder.js';
import { reusedRoom, type Room } from '../../model/features.js';
import { batchLoss } from '../../model/objective.js';
import { openEncoder } from '../../model/open-encoder.js';
import { adamStep } from '../adam.js';
import { batchTargets } from '../batch-targets.js';
import type { BoardBatch } from '../epoch-batches.js';
import { batchInputs, type TrainingData } from '../trainer.js';
import { Barrier } from './barrier.js';
import { Exchange } from './exchange.js';
import { type TowerMemory, unpacked } from './tower-memory.js';
import { towerPairs, towerPart, type TowerPlace } from './tower-part.js';
import { towerRows } from './tower-rows.js';

/** What a tower's thread is given; all arrays lie in shared memory. */
export interface TowerWork {
  readonly data: TrainingData;
  readonly memory: TowerMemory;
  readonly place: TowerPlace;
}

export interface TowerTask {
  readonly boardBatch: BoardBatch;
  readonly learningRate: number;
  /** From 1. */
  readonly step: number;
}

/** What a tower keeps from step to step. */
interface Tower extends TowerWork {
  readonly encoder: Encoder;
  readonly exchange: Exchange;
  readonly room: Room;
}

/**
 * One tower: the whole encoder on a backend of its own, which computes its rows of every layer and the loss of
 * its pairs. Between two layers the towers exchange rows or sums of them, so that together they compute what one would over
 * the whole batch, and no row twice. A step gives the tower's part of the batch's loss.
 */
export async function openTower(work: TowerWork): Promise<(task: TowerTask) => Promise<number>> {
  const { data, memory, place } = work;
  await openBackend('wasm');
  const encoder = openEncoder(data.spec, unpacked(memory, memory.weights));
  const barrier = new Barrier(memory.barrier, place.towers);
  const tower = { ...work, encoder, exchange: new Exchange(memory, barrier, place), room: reusedRoom() };
  return async (task) => {
    try {
      const loss = lossAndGradients(tower, task.boardBatch);
      barrier.wait();
      moveOwnSlice(memory, place, adamRate(task.learningRate, task.step));
      barrier.wait();
      takeOver(encoder, memory);
      return loss;
    } catch (error) {
      barrier.fail();
      throw error;
    }
  };
}

/** Leaves the gradients in the tower's shared array; gives its part of the loss. */
function lossAndGradients(
  { encoder, data, memory, place, exchange, room }: Tower,
  { batch, boards }: BoardBatch,
): number {
  const part = towerPart(batch, place);
  const inputs = batchInputs(data, part, room);
  const targets = batchTargets(data.topology, data.spec, data.chances, boards, batch);
  const { pairs, share } = towerPairs(batch.queries.length, place);
  return tf.tidy(() => {
    const tower = { rows: towerRows(batch, part, data.spec, place, exchange), pairs };
    const { value, grads } = tf.variableGrads(
      () => weighed(batchLoss(encoder, part, inputs, targets, tower), share),
      [...encoder.variables.values()],
    );
    const gradient = memory.gradients[place.rank];
    for (const { name, shape, from } of memory.layout) {
      const found = grads[(encoder.variables.get(name) as tf.Variable).name];
      if (found) gradient.set(heapView(found), from);
      else gradient.fill(0, from, from + shape.reduce((size, side) => size * side, 1));
    }
    return value.dataSync()[0];
  });
}

/** A part's loss at its weight, so that all parts add up to the mean over the batch. */
function weighed(loss: tf.Scalar, share: number): tf.Scalar {
  return differentiable([loss], (x) => ({
    value: tf.mul(x, share),
    saved: [],
    gradient: (dy) => [tf.mul(dy, share)],
  })) as tf.Tensor as tf.Scalar;
}

/**
 * Sums up the towers' gradients for one slice of all weights, and moves it by Adam: on the tensor library's heap, whose
 * arithmetic takes a third of the time that plain loops do, copies to and fro included.
 */
function moveOwnSlice({ weights, first, second, gradients }: TowerMemory, place: TowerPlace, rate: number): void {
  const { rank, towers } = place;
  const from = Math.floor((rank * weights.length) / towers);
  const to = Math.floor(((rank + 1) * weights.length) / towers);
  const onHeap = (values: Float32Array): tf.Tensor =>
    heapTensor([to - from], (slice) => slice.set(values.subarray(from, to)));
  const moved = [weights, first, second];
  tf.tidy(() => {
    const variables = moved.map((values) => tf.variable(onHeap(values)));
    const sum = gradients.map(onHeap).reduce((all, other) => tf.add(all, other));
    const [weight, mean, square] = variables;
    adamStep(weight, sum, mean, square, rate);
    moved.forEach((values, i) => values.set(heapView(variables[i]), from));
    tf.dispose(variables);
  });
}

/** New tensors, for wasm's `matMul` keeps packed copies of its operands by their identity. */
function takeOver({ variables }: Encoder, { layout, weights }: TowerMemory): void {
  for (const { name, shape, from } of layout)
    (variables.get(name) as tf.Variable).assign(
      heapTensor(shape, (values) => values.set(weights.subarray(from, from + values.length))),
    );
}
