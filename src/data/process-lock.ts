import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { BoardwalkError } from '../errors.js';
import { isProcessRunning } from './process-running.js';

interface Holder {
  process: number;
  host: string;
  /** When the process began, as the system counts; tells it from a later one with the same number. */
  started: string | null;
}

/** The locks that this process holds: its own number in a file may be left from a former one's, as in a container. */
const held = new Set<string>();

/** What Linux tells of a process: when it began, and whether it has ended and only its parent has not heard yet. */
function lifeOf(process: number): { started: string; ended: boolean } | null {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces; the state is the 1st field after it, the start the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { started: fields[19], ended: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return null;
  }
}

/** Elsewhere than on Linux the number alone has to do. */
function isRunning({ process: id, started }: Holder): boolean {
  if (!isProcessRunning(id)) return false;
  const now = lifeOf(id);
  return now === null || (!now.ended && (started === null || now.started === started));
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isOwn(path: string): boolean {
  const holder = readHolder(path);
  return holder?.process === process.pid && holder.host === hostname();
}

/** What file systems without links say: FAT, exFAT and some over a network. */
const noLinks = new Set<unknown>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Puts a file at a path that is free, whole at once where there are links: nobody reads half a lock. */
function putInPlace(file: string, path: string): void {
  try {
    linkSync(file, path);
  } catch (error) {
    if (!noLinks.has((error as NodeJS.ErrnoException).code)) throw error;
    writeFileSync(path, readFileSync(file), { flag: 'wx' });
  }
}

function create(path: string): boolean {
  const holder: Holder = { process: process.pid, host: hostname(), started: lifeOf(process.pid)?.started ?? null };
  const own = `${path}.${process.pid}`;
  try {
    writeFileSync(own, JSON.stringify(holder));
    putInPlace(own, path);
    // Without links, whoever has read half of it took it for a dead process's, and its place.
    return isOwn(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Whether a lock's holder is, or may be, at work. */
function isHeld(path: string, holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  return holder.process === process.pid ? held.has(path) : isRunning(holder);
}

/** Takes a dead process's lock out of the way, unless another has just done so and taken its place. */
function clearStale(path: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const holder = readHolder(aside);
  if (holder && isHeld(path, holder)) putInPlace(aside, path);
  rmSync(aside, { force: true });
}

/** Between two looks at the lock, others may let go of it or take it; after so many, they are at work. */
const attempts = 3;

/** Who holds a lock: "process 12", and the host where that is another. */
export interface LockHolder {
  readonly who: string;
  readonly elsewhere: boolean;
}

/**
 * Writes a lock file with this process's number; call what it gives to let go. A lock whose process is dead is taken
 * over. Throws what `refused` makes of the holder where that is, or may be, at work.
 */
export function takeLock(path: string, refused: (holder: LockHolder) => BoardwalkError): () => void {
  for (let attempt = 1; !create(path); attempt++) {
    const holder = readHolder(path);
    if (attempt < attempts && !(holder && isHeld(path, holder))) {
      clearStale(path);
      continue;
    }
    const elsewhere = holder !== undefined && holder.host !== hostname();
    const who = holder ? `process ${holder.process}${elsewhere ? ` on ${holder.host}` : ''}` : 'another process';
    throw refused({ who, elsewhere });
  }
  held.add(path);
  return () => {
    held.delete(path);
    // Where the lock's folder has been replaced, another's may lie there.
    if (isOwn(path)) rmSync(path, { force: true });
  };
}
