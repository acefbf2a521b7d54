import { BoardwalkError } from '../errors.js';
import { type FeatureFit, fittedNames } from '../model/features.js';
import { initialWeights } from '../model/initial-weights.js';
import type { PinSageSpec } from '../model/spec.js';
import type { PinSageModel, Weights } from '../model/weights.js';

/** What was fitted to the older model's graph: its weights read inputs made by that. */
export function fitOf({ features, weights }: PinSageModel): FeatureFit {
  const names: readonly string[] = Object.values(fittedNames);
  return { features, fitted: new Map([...weights].filter(([name]) => names.includes(name))) };
}

/**
 * The weights to train on from an older model: its own wherever it has them, initial ones for parts that only
 * the new spec has. Rows of ids and words are found by hashing, so a pin keeps its rows whatever its number,
 * and rows that no pin had used are as they were first drawn. Throws `mismatch` where a part has another shape or use.
 */
export function warmWeights(from: PinSageModel, spec: PinSageSpec, seed: number): Weights {
  // Dropout belongs to training: it leaves what the weights read as it is.
  const read = ({ features }: PinSageSpec): string => JSON.stringify({ ...features, idDropout: 0 });
  if (read(from.spec) !== read(spec)) throw mismatch('features', 'its input features are made otherwise');
  if (from.spec.aggregator !== spec.aggregator)
    throw mismatch('aggregator', `it aggregates by ${from.spec.aggregator} and not by ${spec.aggregator}`);
  if (spec.aggregator === 'transformer' && from.spec.heads !== spec.heads)
    throw mismatch('heads', `its attention has ${from.spec.heads} heads and not ${spec.heads}`);
  const fresh = initialWeights(spec, fitOf(from), seed);
  return new Map(
    Array.from(fresh, ([name, weight]) => {
      const old = from.weights.get(name);
      if (old && String(old.shape) !== String(weight.shape))
        throw mismatch('pinsage', `its ${name} is ${old.shape.join(' x ')} and not ${weight.shape.join(' x ')}`);
      return [name, old ?? weight];
    }),
  );
}

function mismatch(field: string, difference: string): BoardwalkError {
  return new BoardwalkError(
    'mismatch',
    `The model to start from does not fit the spec: ${difference}. Leave its sizes and features as they are in --config, or train without --from.`,
    { field },
  );
}
