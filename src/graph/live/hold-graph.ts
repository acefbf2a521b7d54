import { existsSync } from 'node:fs';
import { placeOf } from '../../data/whole-directory.js';
import { BoardwalkError } from '../../errors.js';
import { readManifest } from '../manifest.js';
import { countChanges, deltaDirectory, dropSegments } from './delta-log.js';
import { lockForWriting, removeEmptyLog } from './write-lock.js';

/** The last segment that a graph has in it; none where there is no graph, or one that cannot be read. */
function compactedInto(graph: string): number {
  try {
    return readManifest(graph).provenance.compacted ?? 0;
  } catch {
    return 0;
  }
}

/** Throws `bad_option` of `--out` where a log has changes that the graph to be replaced does not have in it. */
function refuseLosing(graph: string, log: string): void {
  if (countChanges(log, compactedInto(graph)) === 0) return;
  const why = existsSync(placeOf(graph))
    ? `${graph} is not replaced: ${log} has changes that are not in it yet. Put them there first with \`boardwalk compact ${graph}\`, choose`
    : `${graph} is not written: ${log} has changes that were made to a graph that is gone. Choose`;
  throw new BoardwalkError('bad_option', `${why} another folder, or delete ${log} if they are not needed.`, {
    file: log,
    field: 'out',
  });
}

/**
 * Makes this process the one writer of a graph that another takes the place of, until what it gives is called, and empties
 * its log: the new graph begins with none. @throws BoardwalkError `locked`, `read_only`, or `bad_option` where the log has
 * changes that would be lost
 */
export function holdGraph(graph: string): () => void {
  const log = deltaDirectory(graph);
  if (!existsSync(placeOf(graph)) && !existsSync(log)) return () => {};
  const unlock = lockForWriting(graph);
  const release = (): void => {
    unlock();
    removeEmptyLog(log);
  };
  try {
    refuseLosing(graph, log);
    dropSegments(log, Infinity);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}
