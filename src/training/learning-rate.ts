import type { PinSageSpec } from '../model/spec.js';

/** Linear from 0 over the first epoch, then exponential decay, continuous in the step (PinSage, section 3.3). */
export function learningRateAt(
  { learningRate, learningRateDecay }: Pick<PinSageSpec, 'learningRate' | 'learningRateDecay'>,
  epoch: number,
  shareOfEpoch: number,
): number {
  if (epoch === 1) return learningRate * shareOfEpoch;
  return learningRate * learningRateDecay ** (epoch - 2 + shareOfEpoch);
}
