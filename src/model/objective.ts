import type * as tf from '@tensorflow/tfjs-core';
import type { MiniBatch } from '../sampling/minibatch.js';
import { type BatchTargets, contrastOf } from './contrast.js';
import type { PinInputs } from './features.js';
import { maxMarginLoss, softmaxLoss } from './loss.js';
import type { Gather, PinSageNetwork } from './pinsage.js';

/** The part of a batch that one tower computes. */
export interface TowerShare {
  readonly gather: Gather;
  /** Its pairs, [from, to). */
  readonly pairs: readonly [number, number];
}

/**
 * The loss that the spec names, over one batch, or over a tower's pairs of it: then `batch` has all pairs, and
 * of the nodes and layers the tower's rows.
 */
export function batchLoss(
  network: PinSageNetwork,
  batch: MiniBatch,
  inputs: PinInputs,
  targets: BatchTargets,
  tower?: TowerShare,
): tf.Scalar {
  const { spec } = network;
  const contrast = contrastOf(network.forward(batch, inputs, tower?.gather), batch, targets, spec, tower?.pairs);
  return spec.loss === 'softmax' ? softmaxLoss(contrast, spec.temperature) : maxMarginLoss(contrast, spec.margin);
}
