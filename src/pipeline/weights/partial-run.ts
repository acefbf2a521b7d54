import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FolderKind, refuseForeign } from '../../data/folder-kind.js';
import { BoardwalkError } from '../../errors.js';
import { isRecord } from '../../is-record.js';
import { readJson, writeJson } from '../../registry/json-file.js';
import { canonicalJson } from '../../registry/model-id.js';
import { hasCheckpoint } from '../../training/checkpoint.js';
import type { TrainSpec } from '../spec/train-spec.js';

/** Where a run keeps what `--resume` needs; removed when the model is whole. */
export function partialDirectory(out: string): string {
  return `${resolve(out)}.partial`;
}

/** The request of the run, as `train` notes it beside its checkpoints. */
export const runFile = 'run.json';
/** What a run before it had reached in the same folder. */
export const earlierRun = 'earlier';
/** The lock of the process that trains into the folder. */
export const lockFile = 'lock';

/** All that two runs must have in common for one to go on from the other's checkpoint. */
export interface RunRequest {
  readonly graph_id: string;
  readonly seed: number;
  readonly spec: TrainSpec;
  readonly from?: string;
  readonly towers?: number;
}

const partialFolder: FolderKind = {
  what: "an interrupted run's folder",
  marker: { file: runFile, says: '"graph_id"' },
};

const requestNames: Readonly<Record<keyof RunRequest, string>> = {
  graph_id: 'graph',
  seed: 'seed',
  spec: 'spec',
  from: 'model to start from',
  towers: 'number of towers',
};

/** What a run that was begun does not have in common with what is asked of it, in words. */
function differences(begun: RunRequest, asked: RunRequest): string[] {
  const names = Object.keys(requestNames) as (keyof RunRequest)[];
  return names
    .filter((name) => !isAlike(begun[name], asked[name]))
    .map((name) => {
      const field = name === 'spec' ? firstDifference(begun.spec, asked.spec) : '';
      return field ? `${requestNames[name]} (${field})` : requestNames[name];
    });
}

function isAlike(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}

/** The first field that two specs have otherwise, with both values. */
function firstDifference(begun: unknown, asked: unknown, path = ''): string {
  if (!isRecord(begun) || !isRecord(asked))
    return `${path}: ${canonicalJson(begun ?? null)} there, ${canonicalJson(asked ?? null)} here`;
  const name = Object.keys({ ...begun, ...asked }).find((each) => !isAlike(begun[each], asked[each]))!;
  return firstDifference(begun[name], asked[name], path ? `${path}.${name}` : name);
}

/**
 * Makes the folder of checkpoints ready; true where there is a checkpoint of the same run to go on from. What an
 * interrupted run has reached is not thrown away unasked.
 */
export function openPartial(directory: string, request: RunRequest, resume: boolean, replace: boolean): boolean {
  const note = join(directory, runFile);
  if (resume && existsSync(note)) {
    const others = differences(readJson<RunRequest>(note), request);
    if (others.length > 0)
      throw new BoardwalkError(
        'mismatch',
        `${directory} holds a run with another ${others.join(' and another ')}. Repeat that run's options, in --config those of its spec, or begin anew with --force in place of --resume.`,
        { file: directory },
      );
    return hasCheckpoint(directory);
  }
  if (!replace && hasCheckpoint(directory))
    throw new BoardwalkError(
      'bad_option',
      `${directory} holds the checkpoint of an interrupted run. Go on with --resume, or begin anew with --force.`,
      { field: 'resume', file: directory },
    );
  putAside(directory);
  writeJson(note, request);
  return false;
}

/**
 * Makes room for another run in the folder of one that was interrupted. What that one has reached is kept until the new
 * one is whole: it may fail at its first step, having begun from these very weights.
 */
function putAside(directory: string): void {
  const left = readdirSync(directory).filter((name) => name !== lockFile && name !== earlierRun);
  if (left.length === 0) return;
  refuseForeign(directory, partialFolder);
  const earlier = join(directory, earlierRun);
  const reached = hasCheckpoint(directory);
  if (reached) {
    rmSync(earlier, { recursive: true, force: true });
    mkdirSync(earlier);
  }
  for (const name of left) {
    if (reached) renameSync(join(directory, name), join(earlier, name));
    else rmSync(join(directory, name), { recursive: true });
  }
}
