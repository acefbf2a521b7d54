import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readingFile } from '../data/read-file.js';
import { isTemporary } from '../data/whole-directory.js';
import { BoardwalkError } from '../errors.js';
import { modelFiles } from './model-files.js';
import { type ModelSummary, readSummary } from './model.js';

export interface ModelList {
  /** The newest first. */
  readonly models: readonly ModelSummary[];
  /** What is wrong with each model that cannot be read; the messages name its folder. */
  readonly faults: readonly BoardwalkError[];
}

/** Throws where a model lacks what a list shows of it. */
function listed(directory: string): ModelSummary {
  const model = readSummary(directory);
  const { spec, metrics } = model;
  for (const [file, whole] of [
    [modelFiles.spec, typeof spec.provenance?.created_at === 'string'],
    [modelFiles.metrics, typeof metrics?.methods?.recommender === 'object'],
  ] as const)
    if (!whole) {
      const path = join(directory, file);
      throw new BoardwalkError('bad_file', `${path} is not that of a whole model; train again.`, { file: path });
    }
  return model;
}

/**
 * The models in the sub-folders of a folder; other folders are passed over.
 * @throws BoardwalkError `not_found` where there is no such folder
 */
export function modelsIn(directory: string): ModelList {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new BoardwalkError(
      'not_found',
      existsSync(directory)
        ? `${directory} is no folder. Name the folder that holds model directories.`
        : `There is no folder ${directory}.`,
      { file: directory },
    );
  const models: ModelSummary[] = [];
  const faults: BoardwalkError[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (!entry.isDirectory() || isTemporary(entry.name) || !existsSync(join(path, modelFiles.spec))) continue;
    try {
      models.push(readingFile(path, 'Train again.', () => listed(path)));
    } catch (error) {
      faults.push(error as BoardwalkError);
    }
  }
  models.sort((a, b) => (a.spec.provenance.created_at < b.spec.provenance.created_at ? 1 : -1));
  return { models, faults };
}
