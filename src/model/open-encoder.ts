import type { Encoder } from './encoder.js';
import { LinearNetwork } from './linear.js';
import { PinSageNetwork } from './pinsage.js';
import type { PinSageSpec } from './spec.js';
import { TransformerNetwork } from './transformer.js';
import type { Weights } from './weights.js';

const encoders: Record<PinSageSpec['aggregator'], new (spec: PinSageSpec, weights: Weights) => Encoder> = {
  linear: LinearNetwork,
  convolution: PinSageNetwork,
  transformer: TransformerNetwork,
};

/** The encoder that a spec names, with the given weights; `dispose` frees it. */
export function openEncoder(spec: PinSageSpec, weights: Weights): Encoder {
  return new encoders[spec.aggregator](spec, weights);
}
