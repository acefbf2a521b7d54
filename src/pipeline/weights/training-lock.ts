import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../../data/process-lock.js';
import { BoardwalkError } from '../../errors.js';
import { lockFile } from './partial-run.js';

/**
 * Makes this process the one that trains into the folder of a run, which it makes where there is none. What it gives
 * lets go again, and removes the folder where nothing lies in it. A lock whose process is dead is taken over.
 * @throws BoardwalkError `locked`, which names the process
 */
export function takeTrainingLock(directory: string): () => void {
  const path = join(directory, lockFile);
  mkdirSync(directory, { recursive: true });
  const release = takeLock(
    path,
    ({ who, elsewhere }) =>
      new BoardwalkError(
        'locked',
        `${directory} is being trained into by ${who}. Wait for it or stop it, or train to another folder` +
          `${elsewhere ? `; if it is gone for good, delete ${path}` : ''}.`,
        { file: path },
      ),
  );
  return () => {
    release();
    try {
      rmdirSync(directory);
    } catch {
      // Checkpoints lie there, or the whole model has made the folder needless.
    }
  };
}
