import { rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { refuseExisting } from '../../data/whole-directory.js';
import { type BuildOptions, type BuildResult, buildGraph } from '../../graph/build.js';
import { checkPruneOptions, pruneDefaults } from '../../graph/prune.js';
import { graphFolder } from '../../graph/write.js';
import { withDefaults } from '../../with-defaults.js';
import { pruneDirectory, type PruneDirectoryOptions, type PruningResult } from './prune-directory.js';

/** Builds a graph whole beside `out`, prunes it into `out` and removes the whole one. */
export async function buildPruned(
  build: Partial<BuildOptions> & Pick<BuildOptions, 'edges' | 'out'>,
  options: Pick<PruneDirectoryOptions, 'prune' | 'cost'>,
): Promise<BuildResult & { pruning: PruningResult }> {
  const { out, force = false } = build;
  checkPruneOptions(withDefaults(pruneDefaults, options.prune));
  refuseExisting(out, graphFolder, force);
  // A name that no folder of people has, and the same in every run, so that a build that was killed goes on.
  const whole = join(dirname(resolve(out)), `.${basename(resolve(out))}.building-unpruned`);
  try {
    const built = await buildGraph({ ...build, out: whole, rejectsBeside: out, force: true });
    const pruned = await pruneDirectory(whole, out, { ...options, force, progress: build.progress });
    return { ...built, ...pruned };
  } finally {
    rmSync(whole, { recursive: true, force: true });
  }
}
