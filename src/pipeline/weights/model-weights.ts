import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openPinSage, savePinSage } from '../../model/model-file.js';
import type { PinSageModel } from '../../model/weights.js';
import { modelFiles, pinTextFiles } from '../../registry/model-files.js';
import type { ModelSpec } from '../../registry/spec.js';

/** One network under two states of its weights. */
export interface TrainedWeights {
  /** Trained without the edges of the hold-out: what a ranker is fitted by, and what training goes on from. */
  readonly heldOut: PinSageModel;
  /** Trained from there on with all edges, those of the hold-out among them: what serves. */
  readonly whole: PinSageModel;
}

/** All that is trained of a model. */
export interface ModelWeights {
  readonly pinsage: TrainedWeights;
  /** Of PinText's networks; none where it is not among the sources. */
  readonly pintext: readonly TrainedWeights[];
}

export async function saveWeights(directory: string, { pinsage, pintext }: ModelWeights): Promise<void> {
  await savePinSage(join(directory, modelFiles.weights), pinsage.whole);
  await savePinSage(join(directory, modelFiles.heldOutWeights), pinsage.heldOut);
  for (const [network, { whole, heldOut }] of pintext.entries()) {
    const files = pinTextFiles(network);
    await savePinSage(join(directory, files.whole), whole);
    await savePinSage(join(directory, files.heldOut), heldOut);
  }
}

type HasPinText = Pick<ModelSpec, 'pintext'>;

const open = (directory: string, file: string): PinSageModel => openPinSage(join(directory, file));

/** The files of each of a model's PinTexts. */
function pinTextsOf({ pintext }: HasPinText) {
  // Models from before there were several tell of one.
  const networks = pintext === undefined ? [] : [pintext].flat();
  return networks.map((_, network) => pinTextFiles(network));
}

/** The weights that were never shown the hidden edges; PinSage's own in models from before these were kept. */
export function openHeldOut(
  directory: string,
  spec: HasPinText,
): { pinsage: PinSageModel; pintext: readonly PinSageModel[] } {
  const isKept = existsSync(join(directory, modelFiles.heldOutWeights));
  return {
    pinsage: open(directory, isKept ? modelFiles.heldOutWeights : modelFiles.weights),
    pintext: pinTextsOf(spec).map(({ heldOut }) => open(directory, heldOut)),
  };
}

/** All weights that a model's spec tells of. Throws `not_found` where a file of them is missing. */
export function openWeights(directory: string, spec: HasPinText): ModelWeights {
  const heldOut = openHeldOut(directory, spec);
  return {
    pinsage: { heldOut: heldOut.pinsage, whole: open(directory, modelFiles.weights) },
    pintext: pinTextsOf(spec).map(({ whole }, network) => ({
      heldOut: heldOut.pintext[network],
      whole: open(directory, whole),
    })),
  };
}
