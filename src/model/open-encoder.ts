import type { Encoder } from './encoder.js';
import { LinearEncoder } from './linear.js';
import { ConvolutionEncoder } from './convolution.js';
import type { PinSageSpec } from './spec.js';
import { TransformerEncoder } from './transformer.js';
import type { Weights } from './weights.js';

const encoders: Record<PinSageSpec['aggregator'], new (spec: PinSageSpec, weights: Weights) => Encoder> = {
  linear: LinearEncoder,
  convolution: ConvolutionEncoder,
  transformer: TransformerEncoder,
};

/** The encoder that a spec names, with the given weights; `dispose` frees it. */
export function openEncoder(spec: PinSageSpec, weights: Weights): Encoder {
  return new encoders[spec.aggregator](spec, weights);
}
