import { join } from 'node:path';
import pLimit from 'p-limit';
import { BoardwalkError } from '../errors.js';
import { type Progress, silentProgress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import { npmCollections, packageOf } from './npm-collections.js';
import { configuredRegistry, latestManifest, registryDefaults } from './npm-registry.js';
import { PackageCache } from './package-cache.js';
import { writeTextParquet } from './parquet-rows.js';
import { importFolder } from './import-folder.js';
import { writeWholeDirectory } from './whole-directory.js';

export interface ImportNpmOptions {
  /** How many packages to read, from the top of a list of the most used ones. */
  packages: number;
  out: string;
  /** Folder that keeps what has been read. */
  cache: string;
  /** Requests in flight at once. */
  concurrency: number;
  /** Base address; without one, npm is asked which it uses. */
  registry?: string;
  /** Names to read instead of the list's. */
  names?: readonly string[];
  retries: number;
  /** Milliseconds before a second try. */
  firstWait: number;
  /** Packages with fewer dependencies are no boards. */
  minimumPins: number;
  force: boolean;
  signal?: AbortSignal;
  progress: Progress;
}

export const importNpmDefaults = {
  packages: 2000,
  concurrency: 12,
  minimumPins: 2,
  force: false,
  progress: silentProgress,
  ...registryDefaults,
};

export interface NpmImportCounts {
  readonly boards: number;
  readonly pins: number;
  readonly edges: number;
  /** Packages read now, and those known from earlier runs. */
  readonly read: number;
  readonly cached: number;
  /** Packages that the registry does not have. */
  readonly absent: number;
}

async function listedNames(packages: number): Promise<readonly string[]> {
  const { npmHighImpact } = await import('npm-high-impact');
  return npmHighImpact.slice(0, packages);
}

/** Reads what the cache lacks; the first failure stops the rest. */
async function readMissing(names: readonly string[], cache: PackageCache, options: ImportNpmOptions): Promise<void> {
  const { concurrency, retries, firstWait, progress } = options;
  const registry = options.registry ?? (await configuredRegistry());
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const reading = progress.stage('reading manifests', names.length);
  let read = 0;
  const readOne = async (name: string, known = true): Promise<void> => {
    signal.throwIfAborted();
    const { note } = progress;
    const manifest = await latestManifest(name, { registry, retries, firstWait, known, note, signal });
    cache.add(name, manifest && packageOf(manifest));
    reading.update(++read);
  };
  const limit = pLimit(concurrency);
  const [first, ...others] = names;
  const tasks: Promise<void>[] = [];
  try {
    if (first !== undefined) await readOne(first, false);
    tasks.push(...others.map((name) => limit(readOne, name)));
    await Promise.all(tasks);
    reading.finish(`${read} read`);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(tasks);
    if (!options.signal?.aborted) throw error;
    throw new BoardwalkError(
      'interrupted',
      `Stopped after ${read} of ${names.length} packages. Run the same command to go on from there.`,
      { file: options.cache },
      { cause: error },
    );
  }
}

/**
 * Reads the latest manifests of well-used npm packages and writes edges.parquet, pins.parquet and
 * boards.parquet: boards are packages, pins what they depend on. Can be stopped and run again at any time.
 */
export function importNpm(
  given: Partial<ImportNpmOptions> & Pick<ImportNpmOptions, 'out' | 'cache'>,
): Promise<NpmImportCounts> {
  const options: ImportNpmOptions = withDefaults(importNpmDefaults, given);
  const fill = async (folder: string): Promise<NpmImportCounts> => {
    const names = options.names ?? (await listedNames(options.packages));
    const cache = new PackageCache(options.cache);
    const missing = names.filter((name) => !cache.has(name));
    try {
      await readMissing(missing, cache, options);
    } finally {
      cache.close();
    }
    const packages = names.flatMap((name) => cache.get(name) ?? []);
    const { edges, pins, boards } = npmCollections(packages, options.minimumPins);
    await writeTextParquet(join(folder, 'edges.parquet'), ['board_id', 'pin_id', 'section'], edges);
    await writeTextParquet(join(folder, 'pins.parquet'), ['pin_id', 'title', 'text'], pins);
    await writeTextParquet(join(folder, 'boards.parquet'), ['board_id', 'title', 'text', 'owner'], boards);
    return {
      boards: boards.length,
      pins: pins.length,
      edges: edges.length,
      read: missing.length,
      cached: names.length - missing.length,
      absent: names.length - packages.length,
    };
  };
  return writeWholeDirectory(options.out, importFolder, fill, { force: options.force });
}
