import { readingFile } from '../data/read-file.js';
import { BoardwalkError } from '../errors.js';
import { readTensorFile, writeTensorFile } from './safetensors.js';
import { pinSageSpec } from './spec.js';
import type { PinSageModel } from './weights.js';

const format = 'boardwalk-pinsage-1';

/** Metadata that makes a tensor file a PinSage model: its spec and what its features were fitted to. */
export function modelMetadata({ spec, features }: Pick<PinSageModel, 'spec' | 'features'>): Record<string, string> {
  return { format, spec: JSON.stringify(spec), features: JSON.stringify(features) };
}

/** Writes `weights.safetensors`, which holds all that embedding needs beside a graph. */
export function savePinSage(path: string, model: PinSageModel): Promise<void> {
  return writeTensorFile(path, { weights: model.weights, metadata: modelMetadata(model) });
}

/** Opens what `savePinSage` wrote; throws `not_found`, `bad_file` or `format_version`. */
export function openPinSage(path: string): PinSageModel {
  const { weights, metadata } = readTensorFile(path);
  if (metadata.format !== format)
    throw new BoardwalkError(
      'format_version',
      `${path} has the format "${metadata.format ?? 'none'}", and this version reads "${format}": train the model again.`,
      { file: path },
    );
  return readingFile(path, 'Train the model again.', () => ({
    spec: pinSageSpec(JSON.parse(metadata.spec)),
    features: JSON.parse(metadata.features),
    weights,
  }));
}
