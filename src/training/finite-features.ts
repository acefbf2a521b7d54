import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { FeatureFit, PinInputs } from '../model/features.js';
import { brokenWeight } from './divergence.js';

/**
 * Looks through all that training would read, before its first step: what is not finite there makes every loss NaN,
 * whatever the learning rate.
 * @throws BoardwalkError `bad_file` that names the fitted array, or the first such pin
 */
export function checkFiniteFeatures({ pins }: Graph, { fitted }: FeatureFit, { dense }: PinInputs): void {
  const array = brokenWeight(fitted);
  const at = dense.values.findIndex((value) => !Number.isFinite(value));
  if (array === undefined && at < 0) return;
  const pin = at < 0 ? undefined : pins.id(Math.floor(at / dense.width));
  const holder = [array && `the fitted array ${array}`, pin !== undefined && `the features of the pin "${pin}"`]
    .filter(Boolean)
    .join(', and so ');
  const mend =
    array === undefined
      ? "Mend the graph's feature columns, and build it again."
      : 'Train without text, with features.textBuckets 0 in --config, or without --from where an older model brought it.';
  throw new BoardwalkError('bad_file', `Training cannot start: ${holder} hold values that are not finite. ${mend}`, {
    field: 'features',
  });
}
