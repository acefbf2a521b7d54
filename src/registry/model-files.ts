import type { FolderKind } from '../data/folder-kind.js';

/** What lies in a model directory. */
export const modelFiles = {
  spec: 'spec.json',
  weights: 'weights.safetensors',
  /** Weights that were never shown the edges of `holdout`: to fit a ranker by, and to train on from. */
  heldOutWeights: 'weights.holdout.safetensors',
  table: 'embedding.arrow',
  /** How far the vectors lie from those before: when they were renewed, or of the model that training began from. */
  drift: 'drift.json',
  /** Present where HNSW serves; exact search needs no file. */
  index: 'index.usearch',
  /** A folder: one Arrow file for each source that has a fitted part. */
  candidates: 'candidates',
  ranker: 'ranker.json',
  metrics: 'metrics.json',
  /** The edges that training was never shown, in ids. */
  holdout: 'holdout.json',
  /** Sizes and checksums of the other files. */
  checksums: 'checksums.json',
  /** The training log: one JSON object a step, and one an epoch. */
  training: 'training.jsonl',
} as const;

/** Networks that PinText may have. */
export const mostPinTexts = 4;

/** The two states of a network of PinText, counted from 0, as of PinSage's weights. */
export function pinTextFiles(network: number): { whole: string; heldOut: string } {
  const name = network === 0 ? 'pintext' : `pintext-${network + 1}`;
  return { whole: `${name}.safetensors`, heldOut: `${name}.holdout.safetensors` };
}

const ofPinText = Array.from({ length: mostPinTexts }, (_, network) => Object.values(pinTextFiles(network))).flat();

export const modelFolder: FolderKind = {
  what: 'a model directory',
  marker: { file: modelFiles.spec, says: '"graph_id"' },
  names: [...Object.values(modelFiles), ...ofPinText],
};
