import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readingFile } from '../data/read-file.js';

/** One line of the training log: a step, or the end of an epoch where `hit_rate` is present. */
export interface TrainingRecord {
  step: number;
  epoch: number;
  /** The step's, or the mean over the epoch. */
  loss: number;
  learning_rate: number;
  pairs_per_second: number;
  /** Share of the time in which the trainer waited for batches. */
  idle_share: number;
  /** Resident memory, bytes. */
  memory: number;
  /** Validation hit rate at the spec's rank. */
  hit_rate?: number;
}

/** What a log says of weights that training began from, as epoch 0. */
export type StartRecord = Pick<TrainingRecord, 'step' | 'epoch' | 'memory' | 'hit_rate'>;

export function trainingLogPath(directory: string): string {
  return join(directory, 'training.jsonl');
}

export interface TrainingLog {
  /** The records that were there when the log was opened. */
  readonly kept: readonly TrainingRecord[];
  append(record: TrainingRecord | StartRecord): void;
}

/** Opens the log without what it says of later steps and epochs than those that training goes on from. */
export function openTrainingLog(directory: string, from: { steps: number; epoch: number }): TrainingLog {
  const path = trainingLogPath(directory);
  mkdirSync(directory, { recursive: true });
  const kept = existsSync(path)
    ? readTrainingLog(directory).filter(
        ({ step, epoch, hit_rate }) => step <= from.steps && (hit_rate === undefined || epoch < from.epoch),
      )
    : [];
  writeFileSync(path, kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return { kept, append: (record) => appendFileSync(path, `${JSON.stringify(record)}\n`) };
}

/** The records of a log; a last line that was cut short is left out. */
export function readTrainingLog(directory: string): TrainingRecord[] {
  const path = trainingLogPath(directory);
  const lines = readFileSync(path, 'utf8').split('\n');
  return readingFile(path, 'Begin anew with --force in place of --resume.', () =>
    lines.slice(0, -1).map((line) => JSON.parse(line)),
  );
}
