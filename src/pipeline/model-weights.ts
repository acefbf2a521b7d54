import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openPinSage, savePinSage } from '../model/model-file.js';
import type { PinSageModel } from '../model/weights.js';
import { modelFiles } from '../registry/model-files.js';

/** One network under two states of its weights. */
export interface TrainedWeights {
  /** Never shown the hidden edges: what a ranker is fitted by, and what training goes on from. */
  readonly heldOut: PinSageModel;
  /** Trained on with them: what serves. */
  readonly whole: PinSageModel;
}

/** All that is trained of a model. */
export interface ModelWeights {
  readonly pinsage: TrainedWeights;
  /** Where PinText is among its sources. */
  readonly pintext: TrainedWeights | undefined;
}

export async function saveWeights(directory: string, { pinsage, pintext }: ModelWeights): Promise<void> {
  await savePinSage(join(directory, modelFiles.weights), pinsage.whole);
  await savePinSage(join(directory, modelFiles.heldOutWeights), pinsage.heldOut);
  if (!pintext) return;
  await savePinSage(join(directory, modelFiles.pintext), pintext.whole);
  await savePinSage(join(directory, modelFiles.heldOutPintext), pintext.heldOut);
}

/** Models from before held-out weights were kept have but one file of PinSage's, which stands for both. */
export function openWeights(directory: string): ModelWeights {
  const open = (file: string): PinSageModel => openPinSage(join(directory, file));
  const holds = (file: string): boolean => existsSync(join(directory, file));
  const whole = open(modelFiles.weights);
  return {
    pinsage: { whole, heldOut: holds(modelFiles.heldOutWeights) ? open(modelFiles.heldOutWeights) : whole },
    pintext: holds(modelFiles.pintext)
      ? { whole: open(modelFiles.pintext), heldOut: open(modelFiles.heldOutPintext) }
      : undefined,
  };
}
