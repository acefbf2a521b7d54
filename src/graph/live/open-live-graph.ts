import { restoreDirectory } from '../../data/whole-directory.js';
import { withDefaults } from '../../with-defaults.js';
import type { Graph } from '../graph.js';
import { assertUnreplaced, type Manifest, readManifest } from '../manifest.js';
import { openGraph } from '../open.js';
import { compactSegments } from './compact.js';
import { deltaDirectory, dropSegments, segmentsOf } from './delta-log.js';
import { LiveGraph, liveGraphDefaults, type LiveGraphOptions } from './live-graph.js';
import { pendingChanges } from './pending.js';
import { lockForWriting } from './write-lock.js';

/**
 * Opens a graph directory with the delta beside it, to be walked and changed; close it when done. What a
 * killed process left is put right first, and all that was ever accepted is there. `base` is the graph
 * directory where it is open already.
 * @throws BoardwalkError `locked` while another process writes, `read_only`, `disk_full`, `checksum`, or `mismatch` where
 * `base` is not what lies there any more
 */
export async function openLiveGraph(
  directory: string,
  given: Partial<LiveGraphOptions> = {},
  base?: Graph,
): Promise<LiveGraph> {
  // A path that names no graph gets no delta.
  restoreDirectory(directory);
  readManifest(directory);
  const unlock = lockForWriting(directory);
  try {
    if (base) assertUnreplaced(directory, readManifest(directory), base.id);
    const graph = base ?? (await openGraph(directory));
    return new LiveGraph(directory, graph, withDefaults(liveGraphDefaults, given), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Folds all of a graph's delta into a new base, while no one else writes; gives the new manifest, or the old where there is no delta. */
export async function compactGraph(directory: string): Promise<Manifest> {
  restoreDirectory(directory);
  readManifest(directory);
  const unlock = lockForWriting(directory);
  try {
    const log = deltaDirectory(directory);
    const last = segmentsOf(log).at(-1)?.number ?? 0;
    if (pendingChanges(directory) > 0) return (await compactSegments(directory, last)).manifest;
    dropSegments(log, last);
    return readManifest(directory);
  } finally {
    unlock();
  }
}
