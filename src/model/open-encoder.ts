import type { Encoder } from './encoder.js';
import { LinearNetwork } from './linear.js';
import { PinSageNetwork } from './pinsage.js';
import type { PinSageSpec } from './spec.js';
import type { Weights } from './weights.js';

/** The network that the spec names, over variables of the chosen tensor backend. */
export function openEncoder(spec: PinSageSpec, weights: Weights): Encoder {
  return spec.aggregator === 'linear' ? new LinearNetwork(spec, weights) : new PinSageNetwork(spec, weights);
}
