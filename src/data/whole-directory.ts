import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BoardwalkError } from '../errors.js';
import { type FolderKind, refuseForeign } from './folder-kind.js';
import { fullDiskNamed, namingFullDisk } from './full-disk.js';
import { isProcessRunning } from './process-running.js';
import { realPath } from './real-path.js';

export interface WholeDirectoryOptions {
  /** Replace an existing folder of the same kind, once the new one is whole. */
  force?: boolean;
  /**
   * Lower-case hex digits that name the work. The folder that a run of the same work left, because it was
   * killed or the disk was full, is handed to `fill` again.
   */
  resume?: string;
}

const leftover = /^\.(.+)\.(building|replaced)-(\d+)-([0-9a-f]+)$/;

/** What this process is filling now. */
const filling = new Set<string>();

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

/** Whether a folder's name is that of one being filled, or moved aside, or left so by a killed run. */
export function isTemporary(name: string): boolean {
  return leftover.test(name);
}

/**
 * Where a folder lies now: at `target` or moved aside, as it is between the two steps by which another takes its place,
 * and where a run was killed there.
 */
export function placeOf(target: string): string {
  const whole = realPath(target);
  if (existsSync(whole)) return target;
  try {
    const aside = readdirSync(dirname(whole)).find((entry) => {
      const [, name, kind] = leftover.exec(entry) ?? [];
      return name === basename(whole) && kind === 'replaced';
    });
    return aside === undefined ? target : join(dirname(whole), aside);
  } catch {
    return target;
  }
}

/**
 * Whether the process that a temporary folder names is at work. This process's own number may be a former one's, as in
 * a container: such a folder was last changed before this one began, which holds for threads too.
 */
function isInWork(path: string, processId: number): boolean {
  if (processId !== process.pid) return isProcessRunning(processId);
  const changed = statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Infinity;
  return filling.has(path) || changed >= performance.timeOrigin;
}

/**
 * Clears what killed runs left beside `target`; a folder that one had moved aside, and not replaced, goes back.
 * One that holds the first steps of the work named by `resume` becomes `temporary`.
 */
export function restoreDirectory(target: string, temporary?: string, resume?: string): void {
  const whole = realPath(target);
  const parent = dirname(whole);
  if (!existsSync(parent)) return;
  for (const entry of readdirSync(parent)) {
    const [, name, kind, processId, work] = leftover.exec(entry) ?? [];
    const path = join(parent, entry);
    // The first steps of the work may lie where they are to be already.
    if (name !== basename(whole) || path === temporary || isInWork(path, Number(processId))) continue;
    if (kind === 'replaced' && !existsSync(whole)) renameSync(path, whole);
    else if (temporary && kind === 'building' && work === resume && !existsSync(temporary)) renameSync(path, temporary);
    else rmSync(path, { recursive: true, force: true });
  }
}

/** Throws `bad_option` of `--out` where no folder can be made at `target`; makes a folder there and deletes it. */
function refuseUnwritableFolder(target: string): void {
  const refuse = (why: string, cause?: unknown): never => {
    throw new BoardwalkError(
      'bad_option',
      `${target} cannot be written: ${why}. Choose another folder.`,
      { file: target, field: 'out' },
      { cause },
    );
  };
  let missing = realPath(target);
  let parent = dirname(missing);
  // The first folder that is to be made: its name, too, may be at fault.
  for (; !existsSync(parent); parent = dirname(parent)) missing = parent;
  if (!statSync(parent).isDirectory()) refuse(`${parent} is no folder`);
  try {
    rmdirSync(mkdtempSync(join(parent, `.${basename(missing)}.probe-`)));
  } catch (cause) {
    refuse((cause as Error).message, cause);
  }
}

function refuseReplacing(target: string, kind: FolderKind, force: boolean): void {
  if (force) refuseForeign(target, kind);
  else if (existsSync(target))
    throw new BoardwalkError('bad_option', `${target} exists. Choose another folder, or replace it with --force.`, {
      file: target,
      field: 'out',
    });
}

/**
 * For work that is long before it writes: says early, as `bad_option`, that a folder cannot be made or would not be
 * replaced, because it is there or, with `force`, because it holds what is not of its kind or is in use.
 */
export function refuseExisting(target: string, kind: FolderKind, force: boolean): void {
  refuseUnwritableFolder(target);
  refuseReplacing(target, kind, force);
  kind.hold?.(target)();
}

/**
 * Lets `fill` write into a temporary sibling and renames it to `target` when it is whole: whatever
 * happens on the way, `target` is the old folder or none, never a half of the new one. With `force`, a folder of the
 * same kind is replaced; another is refused, as `bad_option`. Where `target` is a link, what it leads to is replaced.
 */
export async function writeWholeDirectory<T>(
  target: string,
  kind: FolderKind,
  fill: (temporary: string) => Promise<T>,
  { force = false, resume }: WholeDirectoryOptions = {},
): Promise<T> {
  const path = realPath(target);
  const sibling = (state: string, work = randomBytes(4).toString('hex')): string =>
    join(dirname(path), `.${basename(path)}.${state}-${process.pid}-${work}`);
  const temporary = sibling('building', resume);
  refuseUnwritableFolder(target);
  mkdirSync(dirname(path), { recursive: true });
  if (filling.has(temporary))
    throw new BoardwalkError('bad_option', `${target} is being written already. Wait for it.`, {
      file: target,
      field: 'out',
    });
  restoreDirectory(path, temporary, resume);
  refuseReplacing(target, kind, force);
  const old = existsSync(path) ? 'What lay there is unchanged.' : 'Nothing is left there.';
  const done = resume === undefined ? '' : ' Finished stages are kept, and the same command goes on from them.';
  let release: (() => void) | undefined;
  try {
    release = kind.hold?.(target);
  } catch (thrown) {
    throw fullDiskNamed(target, old + done, thrown);
  }
  let kept = false;
  filling.add(temporary);
  try {
    return await namingFullDisk(target, old + done, async () => {
      mkdirSync(temporary, { recursive: true });
      const result = await fill(temporary);
      syncDirectory(temporary);
      // Others may have written there meanwhile.
      refuseReplacing(target, kind, force);
      if (existsSync(path)) {
        const replaced = sibling('replaced');
        renameSync(path, replaced);
        renameSync(temporary, path);
        rmSync(replaced, { recursive: true, force: true });
      } else renameSync(temporary, path);
      syncDirectory(dirname(path));
      return result;
    });
  } catch (error) {
    kept = resume !== undefined && error instanceof BoardwalkError && error.code === 'disk_full';
    throw error;
  } finally {
    filling.delete(temporary);
    release?.();
    if (!kept) rmSync(temporary, { recursive: true, force: true });
  }
}
