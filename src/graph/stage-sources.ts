import type { DuckDBConnection } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Role } from '../data/columns.js';
import type { Journal } from '../data/journal.js';
import { createRejects } from '../data/rejects.js';
import { nameEdges, stageEdges, type StagedEdges, type StagedFile } from '../data/stage-edges.js';
import { stageNodes, type StagedNodes } from '../data/stage-nodes.js';
import { stageTopics } from '../data/stage-topics.js';
import type { BuildOptions } from './build-options.js';
import { type Side, sides } from './graph.js';
import type { SourceRecord } from './provenance.js';

/** What the input files hold, once their rows are checked and lie where the database finds them. */
export interface StagedSources {
  sources: SourceRecord[];
  /** Columns that have no meaning, by file. */
  ignored: Record<string, string[]>;
  edges: StagedEdges[];
  nodes: Partial<Record<Side, StagedNodes>>;
  rows: number;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Tells a build of the same files with the same options from all others. */
export function buildKey(tool: string, options: BuildOptions): string {
  const { edges, pins, boards, topics, columns, order } = options;
  const files = [...edges, pins, boards, topics].map((file) => {
    const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
    return [file, found?.size, found?.mtimeMs];
  });
  return createHash('sha256')
    .update(JSON.stringify([tool, files, columns, order]))
    .digest('hex')
    .slice(0, 16);
}

/** Reads and checks every file; one that an earlier run has read is taken as it was left. */
export async function stageSources(
  connection: DuckDBConnection,
  journal: Journal,
  options: BuildOptions,
): Promise<StagedSources> {
  const { progress } = options;
  const staged: StagedSources = { sources: [], ignored: {}, edges: [], nodes: {}, rows: 0 };
  const read = async <T extends StagedFile>(role: Role, file: string, name: string, load: () => Promise<T>) => {
    const stage = progress.stage(`reading ${role} from ${basename(file)}`);
    const { found, source } = await journal.once(name, async () => {
      const loaded = await load();
      const { rows } = loaded;
      const bytes = statSync(file).size;
      return { found: loaded, source: { role, file: basename(file), bytes, sha256: await hashOf(file), rows } };
    });
    staged.sources.push(source);
    staged.rows += found.rows;
    if (found.ignored.length > 0) {
      staged.ignored[file] = found.ignored;
      progress.note(`${file}: columns without a meaning here are left out: ${found.ignored.join(', ')}`);
    }
    stage.finish(`${found.rows.toLocaleString('en-US')} rows`);
    return found;
  };
  await journal.once('rejects', () => createRejects(connection));
  for (const [index, file] of options.edges.entries()) {
    const name = `edges_${index}`;
    const load = () => stageEdges(connection, file, name, options.columns.edges);
    staged.edges.push(await read('edges', file, name, load));
  }
  await nameEdges(connection, staged.edges);
  for (const role of sides) {
    const file = options[role];
    if (file === undefined)
      await journal.once(role, () =>
        connection.run(`CREATE TABLE ${role} (place BIGINT, id VARCHAR)`).then(() => null),
      );
    else
      staged.nodes[role] = await read(role, file, role, () =>
        stageNodes(connection, role, file, options.columns[role]),
      );
  }
  const { topics } = options;
  if (topics === undefined) return staged;
  const { known } = await read('topics', topics, 'topics', () => stageTopics(connection, topics));
  for (const role of sides) {
    const nodes = staged.nodes[role] ?? { rows: 0, ignored: [], duplicates: 0, attributes: [], vectors: [] };
    if (known[role] && !nodes.attributes.includes('topic')) nodes.attributes.push('topic');
    staged.nodes[role] = nodes;
  }
  return staged;
}

/** How many edges there are, how many of them have each column, and how many are dated the first of January 1970. */
export function countsOf({ edges }: StagedSources): StagedEdges['counts'] {
  const sum = (what: keyof StagedEdges['counts']): number => edges.reduce((all, { counts }) => all + counts[what], 0);
  return {
    edges: sum('edges'),
    added_at: sum('added_at'),
    weight: sum('weight'),
    section: sum('section'),
    firstDay: sum('firstDay'),
  };
}
