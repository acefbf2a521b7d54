import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { BoardwalkError } from '../errors.js';
import { namingFullDisk } from './full-disk.js';
import { realPath } from './real-path.js';

const temporaryOf = (path: string): string => `${path}.part`;

/**
 * For work that is long before it writes: says early, as `bad_option` of `field`, that a file cannot be written, or that
 * it is one of `inputs` or lies in one of them.
 */
export async function refuseUnwritable(
  path: string,
  field: string,
  inputs: readonly (string | undefined)[] = [],
): Promise<void> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new BoardwalkError('bad_option', `${path} cannot be written: ${why}`, { file: path, field }, { cause });
  };
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) refuse('it is a folder. Name a file in it.');
    const file = realPath(path);
    for (const input of inputs) {
      if (input === undefined || !statSync(input, { throwIfNoEntry: false })) continue;
      const read = realPath(input);
      if (file === read) refuse('it is what is read. Name another file.');
      if (file.startsWith(read + sep)) refuse(`it would lie in ${input}, which is read. Name a file elsewhere.`);
    }
    await writeFile(temporaryOf(path), '');
    await rm(temporaryOf(path));
  } catch (cause) {
    if (cause instanceof BoardwalkError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') refuse(`there is no folder ${dirname(path)}. Make it, or name a file elsewhere.`, cause);
    refuse(`${message}. Name a file elsewhere.`, cause);
  }
}

/**
 * Lets `write` fill a temporary neighbour of `path` and renames it when it is whole, so that `path` is the
 * old file or the new one. What a killed run left is written over by the next.
 */
export function writeWholeFile<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  return writeWholeFiles([path], ([temporary]) => write(temporary));
}

/**
 * Lets `write` fill temporary neighbours of files that belong together. They are put in place when all are whole; of
 * several, the last one, which is to tell of the others, is taken away before that, so that where it lies all are of
 * one writing.
 */
export async function writeWholeFiles<T>(
  paths: readonly string[],
  write: (temporaries: readonly string[]) => Promise<T>,
): Promise<T> {
  const temporaries = paths.map(temporaryOf);
  try {
    return await namingFullDisk(paths[0], 'What lay there is unchanged.', async () => {
      const result = await write(temporaries);
      if (paths.length > 1) await rm(paths[paths.length - 1], { force: true });
      for (const [i, temporary] of temporaries.entries()) await rename(temporary, paths[i]);
      return result;
    });
  } catch (error) {
    for (const temporary of temporaries) await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes a text to a file that is the old one or the new one, whatever kills the run. */
export function writeWholeText(path: string, text: string): void {
  const temporary = temporaryOf(path);
  try {
    // On the disk before it has the name: a power cut may else leave the name and no text.
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
