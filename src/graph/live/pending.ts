import { existsSync } from 'node:fs';
import { BoardwalkError } from '../../errors.js';
import type { Progress } from '../../progress.js';
import { readGraphDirectory } from '../manifest.js';
import { countChanges, deltaDirectory } from './delta-log.js';

/** Batches of changes that lie in a graph's log and not yet in the graph, which all but live graphs read alone. */
export function pendingChanges(directory: string): number {
  const log = deltaDirectory(directory);
  if (!existsSync(log)) return 0;
  try {
    return readGraphDirectory(directory, (_, { provenance }) => countChanges(log, provenance.compacted ?? 0));
  } catch (error) {
    // Whoever writes has emptied the log since it was listed.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return pendingChanges(directory);
    throw error;
  }
}

/** Tells those who work on a graph that it has changes which they will not see. */
export function notePending(directory: string, progress: Progress): void {
  const changes = pendingChanges(directory);
  if (changes > 0)
    progress.note(
      `${directory} has ${changes} batches of changes in ${deltaDirectory(directory)} that are not in the graph yet, ` +
        'and are left out here: `boardwalk compact` puts them there.',
    );
}

/** Refuses to make another graph of one that has changes which that would leave out. */
export function refusePending(directory: string): void {
  if (pendingChanges(directory) === 0) return;
  const log = deltaDirectory(directory);
  throw new BoardwalkError(
    'bad_option',
    `${directory} has changes that lie in ${log} and not yet in the graph. Put them there first: \`boardwalk compact ${directory}\`.`,
    { file: log, field: 'graph' },
  );
}
