import { existsSync, realpathSync } from 'node:fs';
import { refuseExisting } from '../../data/whole-directory.js';
import { BoardwalkError } from '../../errors.js';
import { refusePending } from '../../graph/live/pending.js';
import { type Manifest, readManifest } from '../../graph/manifest.js';
import { openGraph } from '../../graph/open.js';
import { relate, type Related } from '../../graph/relate.js';
import { graphFolder, writeGraph } from '../../graph/write.js';
import { type Progress, silentProgress } from '../../progress.js';

export interface RelateOptions {
  force: boolean;
  progress: Progress;
}

/** Reads `name=folder` pairs; throws `bad_option` that names the one that is none. */
export function parseRelations(texts: readonly string[]): Map<string, string> {
  const relations = new Map<string, string>();
  for (const text of texts) {
    const [, name, folder] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || folder === undefined)
      throw new BoardwalkError(
        'bad_option',
        `--with takes NAME=GRAPH, such as searches=searches-graph, not "${text}".`,
        {
          field: 'with',
        },
      );
    if (relations.has(name))
      throw new BoardwalkError('bad_option', `--with names the relation ${name} twice.`, { field: 'with' });
    relations.set(name, folder);
  }
  return relations;
}

/**
 * Writes a graph directory again with the edges of other graph directories as relations, by name. Holds the edges of
 * all of them in memory.
 */
export async function relateDirectory(
  directory: string,
  relations: ReadonlyMap<string, string>,
  out: string,
  given: Partial<RelateOptions> = {},
): Promise<{ manifest: Manifest; related: Related[] }> {
  const { force = false, progress = silentProgress } = given;
  refuseExisting(out, graphFolder, force);
  const isOut = (folder: string): boolean =>
    existsSync(out) && existsSync(folder) && realpathSync(folder) === realpathSync(out);
  const [replaced] = [...relations].find(([, folder]) => isOut(folder) && !isOut(directory)) ?? [];
  if (replaced !== undefined)
    throw new BoardwalkError(
      'bad_option',
      `${out} is the relation ${replaced}, which would be replaced: name another folder for the related graph.`,
      { file: out, field: 'out' },
    );
  for (const each of [directory, ...relations.values()]) refusePending(each);
  // The new folder begins with an empty delta, so what was compacted into the old one says nothing of it.
  const provenance = { ...readManifest(directory).provenance };
  delete provenance.compacted;
  let graph = await openGraph(directory);
  const related: Related[] = [];
  for (const [name, folder] of relations) {
    const stage = progress.stage(`relating ${name}`);
    const found = relate(graph, name, await openGraph(folder));
    graph = found.graph;
    related.push(found.related);
    stage.finish(`${found.related.edges.toLocaleString('en-US')} edges`);
  }
  const manifest = await writeGraph(out, graph, { force, provenance, madeOf: directory });
  return { manifest, related };
}
