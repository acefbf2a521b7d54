import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A path without links, also of what is not there yet, or is gone from the place that a link leads to. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const absolute = resolve(path);
    const parent = dirname(absolute);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === absolute) return absolute;
    if (lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink())
      return realPath(resolve(realPath(parent), readlinkSync(absolute)));
    return join(realPath(parent), basename(absolute));
  }
}
