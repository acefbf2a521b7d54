import { refuseExisting } from '../../data/whole-directory.js';
import { refusePending } from '../../graph/live/pending.js';
import { type Manifest, readManifest } from '../../graph/manifest.js';
import { openGraph } from '../../graph/open.js';
import { pruneGraph, type PruneRecord } from '../../graph/prune-graph.js';
import type { PruneOptions } from '../../graph/prune.js';
import { holdOutDefaults } from '../../graph/split.js';
import { graphFolder, writeGraph } from '../../graph/write.js';
import { type Progress, silentProgress } from '../../progress.js';
import { withDefaults } from '../../with-defaults.js';
import { measurePruning, type PruneCost, type PruneCostOptions } from './prune-cost.js';

export interface PruneDirectoryOptions {
  prune: Partial<PruneOptions>;
  /** How the cost is measured; false leaves it out. */
  cost: Partial<PruneCostOptions> | false;
  force: boolean;
  progress: Progress;
}

export const pruneDirectoryDefaults: PruneDirectoryOptions = {
  prune: {},
  cost: {},
  force: false,
  progress: silentProgress,
};

export interface PruningResult extends PruneRecord {
  cost?: PruneCost;
}

/**
 * Writes a graph directory again without the edges that pruning takes away. Unlike a build, this holds the
 * whole graph's edges in memory, as walking it would, and the pruned graph's beside them.
 */
export async function pruneDirectory(
  directory: string,
  out: string,
  given: Partial<PruneDirectoryOptions> = {},
): Promise<{ manifest: Manifest; pruning: PruningResult }> {
  const { prune, cost, force, progress } = withDefaults(pruneDirectoryDefaults, given);
  refuseExisting(out, graphFolder, force);
  // The new folder begins with an empty delta, so what was compacted into the old one says nothing of it.
  const provenance = { ...readManifest(directory).provenance };
  delete provenance.compacted;
  refusePending(directory);
  const graph = await openGraph(directory);
  const stage = progress.stage('pruning');
  const { graph: pruned, record } = pruneGraph(graph, prune);
  stage.finish(`${record.edges.after.toLocaleString('en-US')} of ${record.edges.before.toLocaleString('en-US')} edges`);
  const measured = cost === false ? undefined : measurePruning(graph, record.options, { progress, ...cost });
  if (measured === undefined && cost !== false)
    progress.note(`no board has ${holdOutDefaults.minimumPins} pins, so what pruning costs cannot be measured`);
  const pruning: PruningResult = { ...record, ...(measured && { cost: measured }) };
  const manifest = await writeGraph(out, pruned, {
    force,
    provenance: { ...provenance, pruning },
    madeOf: directory,
  });
  return { manifest, pruning };
}
