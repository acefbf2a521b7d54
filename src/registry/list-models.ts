import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BoardwalkError } from '../errors.js';
import { modelFiles } from './model-files.js';
import { type ModelSummary, readSummary } from './model.js';

/** The models in the sub-folders of a folder, the newest first; other folders are passed over. */
export function modelsIn(directory: string): ModelSummary[] {
  if (!existsSync(directory))
    throw new BoardwalkError('not_found', `There is no folder ${directory}.`, { file: directory });
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, modelFiles.spec)))
    .map((entry) => readSummary(join(directory, entry.name)))
    .sort((a, b) => (a.spec.provenance.created_at < b.spec.provenance.created_at ? 1 : -1));
}
