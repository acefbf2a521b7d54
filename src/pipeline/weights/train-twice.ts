import type { Graph } from '../../graph/graph.js';
import { hasCheckpoint } from '../../training/checkpoint.js';
import type { TrainPinSageOptions } from '../../training/run.js';
import { trainPinSage } from '../../training/train-pinsage.js';
import type { Holdout } from '../holdout/validation-holdout.js';
import type { TrainedWeights } from './model-weights.js';
import { trainOnWhole } from './train-on-whole.js';

/** Trains without the hidden edges, by which the best epoch is told, then on with them; checkpoints lie in `directory`. */
export async function trainTwice(
  graph: Graph,
  holdout: Holdout,
  options: Omit<TrainPinSageOptions, 'validation'>,
): Promise<TrainedWeights> {
  const { from: _, ...run } = options;
  const resume = (options.resume ?? false) && hasCheckpoint(options.directory);
  const heldOut = await trainPinSage(holdout.graph, { ...options, validation: holdout.hidden, resume });
  return { heldOut, whole: await trainOnWhole(graph, heldOut, run) };
}
