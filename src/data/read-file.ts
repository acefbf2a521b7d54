import { BoardwalkError } from '../errors.js';

/**
 * Runs what reads a file. Whatever the file's contents make a reader trip over becomes one error that names
 * the file and says what to do.
 */
export function readingFile<T>(path: string, mend: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof BoardwalkError) throw cause;
    throw new BoardwalkError(
      'bad_file',
      `${path} is damaged: ${(cause as Error).message}. ${mend}`,
      { file: path },
      { cause },
    );
  }
}
