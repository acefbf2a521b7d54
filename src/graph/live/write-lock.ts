import { join } from 'node:path';
import { takeLock } from '../../data/process-lock.js';
import { BoardwalkError } from '../../errors.js';

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
        `${directory} is being written by ${who}. Stop it, or send the changes through it (a server takes them at ` +
          `/v1/edges)${elsewhere ? `; if it is gone for good, delete ${path}` : ''}.`,
        { file: path },
      ),
  );
}
