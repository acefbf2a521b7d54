import { builtFile } from './package-root.js';

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

/** The compiled entry of a worker. Throws `not_found` before the build. */
export function workerFile(name: WorkerName): string {
  return builtFile(`workers/${files[name]}`, 'worker');
}
