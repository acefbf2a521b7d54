import { rename, rm } from 'node:fs/promises';
import { namingFullDisk } from './full-disk.js';

/**
 * Lets `write` fill a temporary neighbour of `path` and renames it when it is whole, so that `path` is the
 * old file or the new one. What a killed run left is written over by the next.
 */
export async function writeWholeFile<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = `${path}.part`;
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
