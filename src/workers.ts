import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BoardwalkError } from './errors.js';

/** The one place that names worker files. */
const files = {
  walk: 'walk.js',
  evaluate: 'evaluate.js',
  compact: 'compact.js',
  embed: 'embed.js',
  tower: 'tower.js',
  ials: 'ials.js',
  fit: 'fit.js',
} as const;

export type WorkerName = keyof typeof files;

/**
 * The compiled entry of a worker. Threads run JavaScript alone, so the path lies in `dist` whether the
 * caller was compiled (dist/src) or is run from its source by the test runner (src).
 */
export function workerFile(name: WorkerName): string {
  const here = fileURLToPath(import.meta.url);
  const base = here.endsWith('.ts') ? '../dist/workers/' : '../workers/';
  const path = fileURLToPath(new URL(base + files[name], import.meta.url));
  if (!existsSync(path))
    throw new BoardwalkError('not_found', `The worker ${path} is missing. Run \`npm run build\` first.`, {
      file: path,
    });
  return path;
}
