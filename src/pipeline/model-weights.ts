import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openPinSage, savePinSage } from '../model/model-file.js';
import type { PinSageModel } from '../model/weights.js';
import { modelFiles } from '../registry/model-files.js';
import type { ModelSpec } from '../registry/spec.js';

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

type HasPinText = Pick<ModelSpec, 'pintext'>;

function open(directory: string, file: keyof typeof modelFiles): PinSageModel {
  return openPinSage(join(directory, modelFiles[file]));
}

/** The weights that were never shown the hidden edges; PinSage's own in models from before these were kept. */
export function openHeldOut(
  directory: string,
  { pintext }: HasPinText,
): { pinsage: PinSageModel; pintext: PinSageModel | undefined } {
  const isKept = existsSync(join(directory, modelFiles.heldOutWeights));
  return {
    pinsage: open(directory, isKept ? 'heldOutWeights' : 'weights'),
    pintext: pintext && open(directory, 'heldOutPintext'),
  };
}

/** All weights that a model's spec tells of. Throws `not_found` where a file of them is missing. */
export function openWeights(directory: string, spec: HasPinText): ModelWeights {
  const { pinsage, pintext } = openHeldOut(directory, spec);
  return {
    pinsage: { heldOut: pinsage, whole: open(directory, 'weights') },
    pintext: pintext && { heldOut: pintext, whole: open(directory, 'pintext') },
  };
}
