import type * as tf from '@tensorflow/tfjs-core';
import type { MiniBatch } from '../sampling/minibatch.js';
import { type BatchTargets, contrastOf } from './contrast.js';
import type { PinInputs } from './features.js';
import { maxMarginLoss, softmaxLoss } from './loss.js';
import type { PinSageNetwork } from './pinsage.js';

/** The loss that the spec names, over one batch. */
export function batchLoss(
  network: PinSageNetwork,
  batch: MiniBatch,
  inputs: PinInputs,
  targets: BatchTargets,
): tf.Scalar {
  const { spec } = network;
  const contrast = contrastOf(network.forward(batch, inputs), batch, targets, spec);
  return spec.loss === 'softmax' ? softmaxLoss(contrast, spec.temperature) : maxMarginLoss(contrast, spec.margin);
}
