import { mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { BoardwalkError } from '../errors.js';

/**
 * For work that is long before it writes: says early that a model is to stay as it is, where nothing can be made in one
 * of the folders that renewing it writes into. @throws BoardwalkError `bad_option` of `--model`
 */
export function assertRenewable(model: string, folders: readonly string[]): void {
  for (const folder of folders)
    try {
      rmdirSync(mkdtempSync(join(folder, '.probe-')));
    } catch (cause) {
      throw new BoardwalkError(
        'bad_option',
        `${model} cannot be renewed: ${(cause as Error).message}. Give this user the right to write in ${folder}, or copy the model elsewhere.`,
        { file: model, field: 'model' },
        { cause },
      );
    }
}
