import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { fullDiskNamed } from '../../data/full-disk.js';
import { takeLock } from '../../data/process-lock.js';
import { BoardwalkError } from '../../errors.js';
import { deltaDirectory } from './delta-log.js';

/**
 * Makes this process the one writer of a delta; call what it gives to stop being so. A lock whose process is
 * dead is taken over. @throws BoardwalkError `locked`
 */
export function takeWriteLock(directory: string): () => void {
  const path = join(directory, 'lock');
  return takeLock(
    path,
    ({ who, elsewhere }) =>
      new BoardwalkError(
        'locked',
        `${directory} is being written by ${who}. Stop it, wait until it is done, or send the changes through it (a server takes them at ` +
          `/v1/edges)${elsewhere ? `; if it is gone for good, delete ${path}` : ''}.`,
        { file: path },
      ),
  );
}

/** Takes the folder of a log away where nothing lies in it. */
export function removeEmptyLog(log: string): void {
  try {
    rmdirSync(log);
  } catch {
    // It has gone with the folder that held it, or another process has come to write there.
  }
}

/** Whoever lets go of an empty log takes its folder away, perhaps just before this process's lock lies there. */
const attempts = 5;

function lockLog(log: string): () => void {
  for (let attempt = 1; ; attempt++) {
    mkdirSync(log, { recursive: true });
    try {
      return takeWriteLock(log);
    } catch (error) {
      removeEmptyLog(log);
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === attempts) throw error;
    }
  }
}

/** Makes this process a graph's one writer. @throws BoardwalkError `locked`, `read_only`, `disk_full` */
export function lockForWriting(directory: string): () => void {
  const log = deltaDirectory(directory);
  try {
    return lockLog(log);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM')
      throw fullDiskNamed(log, 'Nothing is changed.', cause);
    throw new BoardwalkError(
      'read_only',
      `${directory} cannot take changes: ${log} is not writable. Give this user the right to write there.`,
      { file: log },
      { cause },
    );
  }
}
