import * as tf from '@tensorflow/tfjs-core';
import type { BatchTargets } from '../model/contrast.js';
import type { Encoder } from '../model/encoder.js';
import type { PinInputs } from '../model/features.js';
import { batchLoss } from '../model/objective.js';
import type { MiniBatch } from '../sampling/minibatch.js';
import type { Adam } from './adam.js';

/** One step of training: loss, gradients and Adam. Leaves no tensor behind; gives the loss. */
export async function trainingStep(
  encoder: Encoder,
  adam: Adam,
  batch: MiniBatch,
  inputs: PinInputs,
  targets: BatchTargets,
  learningRate: number,
): Promise<number> {
  const loss = tf.tidy(() => {
    const variables = [...encoder.variables.values()];
    const { value, grads } = tf.variableGrads(() => batchLoss(encoder, batch, inputs, targets), variables);
    adam.apply(grads, learningRate);
    return value;
  });
  const [figure] = await loss.data();
  loss.dispose();
  return figure;
}
