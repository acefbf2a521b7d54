import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { type FeatureFit, fittedNames } from '../model/features.js';
import { growIds } from '../model/id-rows.js';
import { initialWeights } from '../model/initial-weights.js';
import type { PinSageSpec } from '../model/spec.js';
import { growText } from '../model/text-rows.js';
import { type PinSageModel, type Weights, withMoreRows } from '../model/weights.js';

/** What has a row for each id or word that it knows. */
const tables: ReadonlySet<string> = new Set(['ids', 'words']);

/** What was fitted to the older model's graph, by which its weights read; pins that have come since get rows too. */
export function fitOf({ spec, features, weights }: PinSageModel, graph: Graph): FeatureFit {
  const fitted = new Map([...weights].filter(([name]) => fittedNames.includes(name)));
  return { features, fitted: growText(growIds(fitted, graph), graph, spec.features) };
}

/**
 * The weights to train on from an older model: its own wherever it has them, initial ones for parts that only
 * the new spec has. A pin keeps the rows of its id and words whatever its number. Ids and words that are new begin
 * with rows of 0, so that at first such a pin is what the rest of its content and its neighbours say: among rows that
 * are trained, one drawn at random is only noise. Throws `mismatch` where a part has another shape or use.
 */
export function warmWeights(from: PinSageModel, spec: PinSageSpec, fit: FeatureFit, seed: number): Weights {
  // Dropout and where rows began belong to training: they leave what the weights read as it is.
  const read = ({ features }: PinSageSpec): string =>
    JSON.stringify({ ...features, idDropout: 0, wordDropout: 0, idStart: 'random' });
  if (read(from.spec) !== read(spec)) throw mismatch('features', 'its input features are made otherwise');
  if (from.spec.aggregator !== spec.aggregator)
    throw mismatch('aggregator', `it aggregates by ${from.spec.aggregator} and not by ${spec.aggregator}`);
  if (spec.aggregator === 'transformer' && from.spec.heads !== spec.heads)
    throw mismatch('heads', `its attention has ${from.spec.heads} heads and not ${spec.heads}`);
  const isFitted = (name: string): boolean => fit.fitted.has(name);
  return new Map(
    Array.from(initialWeights(spec, fit, seed), ([name, fresh]) => {
      const old = isFitted(name) ? undefined : from.weights.get(name);
      if (!old) return [name, fresh];
      const grown = tables.has(name) && old.shape[0] < fresh.shape[0] && old.shape[1] === fresh.shape[1];
      if (!grown && String(old.shape) !== String(fresh.shape))
        throw mismatch('pinsage', `its ${name} is ${old.shape.join(' x ')} and not ${fresh.shape.join(' x ')}`);
      return [name, grown ? withMoreRows(old, fresh.shape[0]) : old];
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
