import { join } from 'node:path';
import type { Graph } from '../../graph/graph.js';
import type { PinSageModel } from '../../model/weights.js';
import { hasCheckpoint } from '../../training/checkpoint.js';
import type { TrainPinSageOptions } from '../../training/run.js';
import { trainPinSage } from '../../training/train-pinsage.js';
import { openTrainingLog, readTrainingLog } from '../../training/training-log.js';

/**
 * Trains weights on over the whole graph, with the edges that they were chosen by. Without this, the pins that were
 * made cold to judge by would serve with rows that were never trained: nothing but the mean of their neighbours, they
 * come near every query and push others out. At half the learning rate, which leaves the rest where it is. Checkpoints
 * lie in a folder of their own within `directory`, whose log ends with these steps.
 */
export async function trainOnWhole(
  graph: Graph,
  from: PinSageModel,
  options: Omit<TrainPinSageOptions, 'spec' | 'validation' | 'from'>,
): Promise<PinSageModel> {
  const { spec } = from;
  const epochs = Math.min(spec.wholeEpochs, spec.epochs);
  if (epochs === 0) return from;
  const held = epochs < spec.wholeEpochs ? `; wholeEpochs, ${spec.wholeEpochs}, is held to epochs, ${epochs}` : '';
  options.progress?.note(`Training on over the whole graph, with the edges that were hidden${held}`);
  const directory = join(options.directory, 'whole');
  const trained = await trainPinSage(graph, {
    ...options,
    spec: { ...spec, epochs, learningRate: spec.learningRate / 2 },
    validation: { boards: new Uint32Array(), pins: new Uint32Array() },
    from,
    directory,
    resume: (options.resume ?? false) && hasCheckpoint(directory),
  });
  appendSteps(options.directory, directory);
  return { ...trained, spec };
}

/**
 * Lets the records of the second log follow those of the first, which end with the last epoch that was judged. Those of
 * epochs keep their means, and have no hit rate.
 */
function appendSteps(first: string, second: string): void {
  const { step, epoch } = readTrainingLog(first).findLast(({ hit_rate }) => hit_rate !== undefined) ?? start;
  const log = openTrainingLog(first, { steps: step, epoch: Number.POSITIVE_INFINITY });
  for (const { hit_rate: _, ...record } of readTrainingLog(second))
    log.append({ ...record, step: step + record.step, epoch: epoch + record.epoch });
}

const start = { step: 0, epoch: 0 };
