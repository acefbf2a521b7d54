import type * as tf from '@tensorflow/tfjs-core';
import type { MiniBatch } from '../sampling/minibatch.js';
import { type BatchTargets, contrastOf } from './contrast.js';
import type { Encoder, RowExchange } from './encoder.js';
import type { PinInputs } from './features.js';
import { type Contrast, crossEntropyLoss, maxMarginLoss, softmaxLoss } from './loss.js';
import type { PinSageSpec } from './spec.js';

/** The part of a batch that one tower computes. */
export interface TowerShare {
  readonly rows: RowExchange;
  /** Its pairs, [from, to). */
  readonly pairs: readonly [number, number];
}

const losses: Record<PinSageSpec['loss'], (contrast: Contrast, spec: PinSageSpec) => tf.Scalar> = {
  'max-margin': (contrast, { margin }) => maxMarginLoss(contrast, margin),
  softmax: (contrast, { temperature }) => softmaxLoss(contrast, temperature),
  'cross-entropy': (contrast, { temperature }) => crossEntropyLoss(contrast, temperature),
};

/**
 * The loss that the spec names, over one batch, or over a tower's pairs of it: then `batch` has all pairs, and
 * of the nodes and layers the tower's rows.
 */
export function batchLoss(
  encoder: Encoder,
  batch: MiniBatch,
  inputs: PinInputs,
  targets: BatchTargets,
  tower?: TowerShare,
): tf.Scalar {
  const { spec } = encoder;
  const contrast = contrastOf(encoder.forward(batch, inputs, tower?.rows), batch, targets, spec, tower?.pairs);
  return losses[spec.loss](contrast, spec);
}
