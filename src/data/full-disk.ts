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
 * Runs work that writes to `path`, or beside it, in parts that may have said so of themselves. A full disk becomes one error that says where, how much is
 * free and what to do; `kept` says what the failure leaves.
 */
export async function namingFullDisk<T>(path: string, kept: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const inner = cause instanceof BoardwalkError && cause.code === 'disk_full' ? cause.cause : cause;
    if (!isFullDisk(inner)) throw cause;
    const [what] = (inner as Error).message.split('\n');
    const free = bytesFree(path)?.toLocaleString('en-US') ?? 'an unknown number of';
    throw new BoardwalkError(
      'disk_full',
      `${path} cannot be written: its disk is full, with ${free} bytes free now (${what.replace(/[.]$/, '')}). ${kept} ` +
        'Make room, or name a place on another disk.',
      { file: path },
      { cause: inner },
    );
  }
}
