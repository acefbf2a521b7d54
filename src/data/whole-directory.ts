import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { BoardwalkError } from '../errors.js';

export interface WholeDirectoryOptions {
  /** Replace an existing folder, once the new one is whole. */
  force?: boolean;
}

const leftover = /^\.(.+)\.(building|replaced)-(\d+)-[0-9a-f]+$/;

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Forces a folder's entries to the disk, where the system can (Windows opens no folders). */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Clears what killed runs left beside `target`; a folder that one had moved aside, and not replaced, goes back. */
export function restoreDirectory(target: string): void {
  const parent = dirname(target);
  for (const entry of readdirSync(parent)) {
    const [, name, kind, processId] = leftover.exec(entry) ?? [];
    if (name !== basename(target) || isRunning(Number(processId))) continue;
    if (kind === 'replaced' && !existsSync(target)) renameSync(join(parent, entry), target);
    else rmSync(join(parent, entry), { recursive: true, force: true });
  }
}

/**
 * Lets `fill` write into a temporary sibling and renames it to `target` when it is whole: whatever
 * happens on the way, `target` is the old folder or none, never a half of the new one.
 */
export async function writeWholeDirectory<T>(
  target: string,
  fill: (temporary: string) => Promise<T>,
  { force = false }: WholeDirectoryOptions = {},
): Promise<T> {
  const path = resolve(target);
  mkdirSync(dirname(path), { recursive: true });
  restoreDirectory(path);
  if (existsSync(path) && !force)
    throw new BoardwalkError('bad_option', `${target} exists. Choose another folder, or replace it with --force.`, {
      file: target,
      field: 'out',
    });
  const sibling = (kind: string): string =>
    join(dirname(path), `.${basename(path)}.${kind}-${process.pid}-${randomBytes(4).toString('hex')}`);
  const temporary = sibling('building');
  mkdirSync(temporary);
  try {
    const result = await fill(temporary);
    syncDirectory(temporary);
    if (existsSync(path)) {
      const old = sibling('replaced');
      renameSync(path, old);
      renameSync(temporary, path);
      rmSync(old, { recursive: true, force: true });
    } else renameSync(temporary, path);
    syncDirectory(dirname(path));
    return result;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
