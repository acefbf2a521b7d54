import { statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BoardwalkError } from '../errors.js';
import { namingFullDisk } from './full-disk.js';

const temporaryOf = (path: string): string => `${path}.part`;

/** For work that is long before it writes: says early, as `bad_option` of `field`, that a file cannot be written. */
export async function refuseUnwritable(path: string, field: string): Promise<void> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new BoardwalkError('bad_option', `${path} cannot be written: ${why}`, { file: path, field }, { cause });
  };
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) refuse('it is a folder. Name a file in it.');
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
export async function writeWholeFile<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = temporaryOf(path);
  try {
    return await namingFullDisk(path, 'What lay there is unchanged.', async () => {
      const result = await write(temporary);
      await rename(temporary, path);
      return result;
    });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
