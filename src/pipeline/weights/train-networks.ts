import { join } from 'node:path';
import { namingFullDisk } from '../../data/full-disk.js';
import type { Graph } from '../../graph/graph.js';
import type { PinSageSpec } from '../../model/spec.js';
import type { Progress } from '../../progress.js';
import type { TrainPinSageOptions } from '../../training/run.js';
import { stopIfAborted } from '../../training/stop-if-aborted.js';
import type { Holdout } from '../holdout/validation-holdout.js';
import type { StageClock } from '../stage-clock.js';
import type { ModelWeights, TrainedWeights } from './model-weights.js';
import { trainTwice } from './train-twice.js';
import type { WarmStart } from './warm-start.js';

type StepOptions = Pick<TrainPinSageOptions, 'backend' | 'towers' | 'resume' | 'checkpointSeconds'>;

export interface TrainNetworksInput extends StepOptions {
  readonly graph: Graph;
  readonly holdout: Holdout;
  readonly specs: {
    readonly pinsage: PinSageSpec;
    /** None where PinText is not among the sources. */
    readonly pintext: readonly PinSageSpec[];
  };
  readonly seed: number;
  /** Whose weights training starts from, where nothing is resumed. */
  readonly older?: Pick<WarmStart, 'pinsage' | 'pintext'>;
  /** The folder of the run: PinSage's checkpoints lie in it, those of PinText in folders of their own below. */
  readonly directory: string;
  readonly clock: StageClock;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** Trains PinSage, then PinText's networks one after another. Throws `interrupted` where the signal stops it. */
export async function trainNetworks(input: TrainNetworksInput): Promise<ModelWeights> {
  const { specs, seed, older, ...run } = input;
  const { directory, progress } = run;
  const pinsage = await trainNetwork(run, {
    field: 'pinsage',
    directory,
    spec: specs.pinsage,
    seed,
    from: older?.pinsage,
  });
  const pintext: TrainedWeights[] = [];
  const isSole = specs.pintext.length === 1;
  for (const [index, spec] of specs.pintext.entries()) {
    const ofSeveral = isSole ? '' : `, network ${index + 1} of ${specs.pintext.length}`;
    progress.note(`Training PinText, the vectors of words${ofSeveral}`);
    const network = {
      field: isSole ? 'pintext' : `pintext[${index}]`,
      directory: join(directory, 'pintext', String(index + 1)),
      spec,
      // Networks of one spec should differ too.
      seed: seed + index,
      from: older?.pintext[index],
    };
    pintext.push(await trainNetwork(run, network));
  }
  return { pinsage, pintext };
}

/** What all networks of a run have in common. */
type RunInput = Omit<TrainNetworksInput, 'specs' | 'seed' | 'older'>;

interface Network extends Pick<TrainPinSageOptions, 'directory' | 'spec' | 'seed'> {
  /** Where its spec stands in that of the model. */
  readonly field: string;
  readonly from: TrainPinSageOptions['from'];
}

async function trainNetwork(
  { graph, holdout, directory: runDirectory, clock, signal, ...steps }: RunInput,
  { field, from, ...network }: Network,
): Promise<TrainedWeights> {
  const kept = 'Checkpoints made before are kept: go on with --resume.';
  const trained = await clock.time('train', () =>
    namingFullDisk(runDirectory, kept, () =>
      trainTwice(graph, holdout, {
        ...steps,
        ...network,
        part: { field: `${field}.learningRate`, learningRate: network.spec.learningRate, directory: runDirectory },
        from,
        signal,
      }),
    ),
  );
  stopIfAborted(signal);
  return trained;
}
