import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoardwalkError } from './errors.js';

const here = import.meta.url;

/** The folder of package.json, whether this was compiled (dist/src) or is run from its source by the test runner (src). */
export const packageRoot = fileURLToPath(new URL(here.endsWith('.ts') ? '../' : '../../', here));

/**
 * A file that `npm run build` makes, by its path in dist, where a run from source finds it as well. Throws
 * `not_found` before the build.
 */
export function builtFile(path: string, what: string): string {
  const file = join(packageRoot, 'dist', path);
  if (existsSync(file)) return file;
  throw new BoardwalkError('not_found', `The ${what} ${file} is missing. Run \`npm run build\` first.`, { file });
}

/** The version of this program. */
export function version(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}

/** Name and version of this program, as it signs what it writes. */
export function toolVersion(): string {
  return `boardwalk ${version()}`;
}
