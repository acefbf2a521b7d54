import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readingFile } from '../data/read-file.js';
import { BoardwalkError } from '../errors.js';
import { modelMetadata } from '../model/model-file.js';
import { readTensorFile, writeTensorFile } from '../model/safetensors.js';
import type { PinSageModel, Weights } from '../model/weights.js';

/** Where training stands: all that decides the next step, apart from spec, graph and weights. */
export interface Position {
  /** The epoch to go on with, from 1, and how many of its batches are done. */
  epoch: number;
  batch: number;
  /** Steps done in all. */
  steps: number;
  bestHitRate: number;
  bestEpoch: number;
}

export interface Checkpoint {
  model: PinSageModel;
  moments: Weights;
  position: Position;
  seed: number;
  graphId: string;
}

export function checkpointPath(directory: string): string {
  return join(directory, 'checkpoint.safetensors');
}

/** Whether a run has left something to go on from. */
export function hasCheckpoint(directory: string): boolean {
  return existsSync(checkpointPath(directory));
}

/** Seconds between two checkpoints within an epoch: what a killed run loses at most. */
export const checkpointSecondsDefault = 60;

/** Where the weights of the best epoch so far lie while training goes on. */
export function bestWeightsPath(directory: string): string {
  return join(directory, 'weights.safetensors');
}

/** The checkpoint before the last one, until the steps after the last have shown that its weights are good. */
export function previousCheckpointPath(directory: string): string {
  return join(directory, 'checkpoint.previous.safetensors');
}

const momentPrefix = 'adam:';

function isMoment([name]: [string, unknown]): boolean {
  return name.startsWith(momentPrefix);
}

/** Replaces the last checkpoint, which becomes the previous one unless told otherwise. */
export async function saveCheckpoint(directory: string, checkpoint: Checkpoint, keepsLast = true): Promise<void> {
  const { model, moments, position, seed, graphId } = checkpoint;
  const prefixed = [...moments].map(([name, weight]) => [momentPrefix + name, weight] as const);
  const path = checkpointPath(directory);
  // A copy, so that a process killed in between leaves a checkpoint.
  if (keepsLast && existsSync(path)) copyFileSync(path, previousCheckpointPath(directory));
  await writeTensorFile(path, {
    weights: new Map([...model.weights, ...prefixed]),
    metadata: { ...modelMetadata(model), training: JSON.stringify({ position, seed, graphId }) },
  });
}

/** Puts the checkpoint before the last in its place; where there is none, none is left. */
export function takeBackCheckpoint(directory: string): void {
  const previous = previousCheckpointPath(directory);
  if (existsSync(previous)) renameSync(previous, checkpointPath(directory));
  else rmSync(checkpointPath(directory), { force: true });
}

/** What a checkpoint says of its run beside the model. */
function trainingOf(path: string, metadata: Record<string, string>): Omit<Checkpoint, 'model' | 'moments'> {
  return readingFile(path, 'Begin anew with --force in place of --resume.', () => JSON.parse(metadata.training));
}

/** Where the run stood that left the checkpoint in a folder; undefined where there is none. */
export function checkpointPosition(directory: string): Position | undefined {
  if (!hasCheckpoint(directory)) return undefined;
  const path = checkpointPath(directory);
  return trainingOf(path, readTensorFile(path).metadata).position;
}

/**
 * Opens the checkpoint of a run with the same spec, seed and graph. Throws `not_found` where there is none
 * and `mismatch` where it belongs to another run.
 */
export function openCheckpoint(
  directory: string,
  expected: Pick<PinSageModel, 'spec' | 'features'> & { seed: number; graphId: string },
): Pick<Checkpoint, 'model' | 'moments' | 'position'> {
  const path = checkpointPath(directory);
  if (!existsSync(path))
    throw new BoardwalkError('not_found', `There is no checkpoint in ${directory}: train without --resume.`, {
      file: path,
    });
  const { weights, metadata } = readTensorFile(path);
  const { position, seed, graphId } = trainingOf(path, metadata);
  const own = modelMetadata(expected);
  const differing = [
    ['spec', metadata.spec === own.spec],
    ['features', metadata.features === own.features],
    ['seed', seed === expected.seed],
    ['graph', graphId === expected.graphId],
  ].flatMap(([name, same]) => (same ? [] : [name]));
  if (differing.length > 0)
    throw new BoardwalkError(
      'mismatch',
      `The checkpoint in ${directory} was made with another ${differing.join(' and ')}: train as before, or begin anew with --force in place of --resume.`,
      { file: path },
    );
  return {
    model: { ...expected, weights: new Map([...weights].filter((entry) => !isMoment(entry))) },
    moments: new Map([...weights].filter(isMoment).map(([name, weight]) => [name.slice(momentPrefix.length), weight])),
    position,
  };
}
