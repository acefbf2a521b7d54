import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary } from '../data/whole-directory.js';
import { BoardwalkError } from '../errors.js';
import { modelFiles } from './model-files.js';
import type { ModelSummary } from './model.js';
import { readWhole } from './show-model.js';

export interface ModelList {
  /** The newest first. */
  readonly models: readonly ModelSummary[];
  /** What is wrong with each model that cannot be read; the messages name its folder. */
  readonly faults: readonly BoardwalkError[];
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
      models.push(readWhole(path));
    } catch (error) {
      faults.push(error as BoardwalkError);
    }
  }
  models.sort((a, b) => (a.spec.provenance.created_at < b.spec.provenance.created_at ? 1 : -1));
  return { models, faults };
}
