import { statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BoardwalkError } from '../errors.js';

/** How libraries without error codes say that what they write finds no room: the database, and the index. */
const librariesSay =
  /No space left on device|Disk quota exceeded|failed to offload data block|max_temp_directory_size|Failed to serialize into stream/;

/** Whether work failed because a disk, or a user's share of it, is full. */
export function isFullDisk(error: unknown): boolean {
  if (error instanceof BoardwalkError || !(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || librariesSay.test(error.message);
}

/** Bytes free where `path` lies, or would lie; undefined where the system does not tell. */
function bytesFree(path: string): number | undefined {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      return bavail * bsize;
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}

/**
 * What to throw where work that writes to `path`, or beside it, failed in parts that may have said so of themselves: of a
 * full disk, an error that says where, how much is free and what to do, with `kept`, which says what the failure leaves;
 * of anything else, what was thrown.
 */
export function fullDiskNamed(path: string, kept: string, thrown: unknown): unknown {
  const cause = thrown instanceof BoardwalkError && thrown.code === 'disk_full' ? thrown.cause : thrown;
  if (!isFullDisk(cause)) return thrown;
  const [what] = (cause as Error).message.split('\n');
  const free = bytesFree(path)?.toLocaleString('en-US') ?? 'an unknown number of';
  return new BoardwalkError(
    'disk_full',
    `${path} cannot be written: its disk is full, with ${free} bytes free now (${what.replace(/[.]$/, '')}). ${kept} ` +
      'Make room, or name a place on another disk.',
    { file: path },
    { cause },
  );
}

/** Runs work that writes to `path`, or beside it, and throws as `fullDiskNamed` says. */
export async function namingFullDisk<T>(path: string, kept: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw fullDiskNamed(path, kept, thrown);
  }
}
