import type { DuckDBConnection } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ColumnMapping, Role } from '../data/columns.js';
import { type DatabaseOptions, databaseDefaults, numberOf, withDatabase } from '../data/database.js';
import { allowedRejects, countRejects, createRejects, writeRejects } from '../data/rejects.js';
import { createEdges, numberSections, stageEdges } from '../data/stage-edges.js';
import { stageNodes, type StagedNodes } from '../data/stage-nodes.js';
import { stageTopics } from '../data/stage-topics.js';
import { writeWholeDirectory } from '../data/whole-directory.js';
import { BoardwalkError } from '../errors.js';
import { type Progress, silentProgress } from '../progress.js';
import { edgeLimit } from './adjacency-file.js';
import { foldEdges } from './fold-edges.js';
import type { Manifest, SourceRecord } from './manifest.js';
import type { OrderColumn } from './node-order.js';
import { featureSources, indexNodes, nodeSource, readEdges } from './staged-tables.js';
import { toolVersion, writeGraphFiles } from './write.js';

export interface BuildOptions extends Omit<DatabaseOptions, 'spill'> {
  /** At least one file. */
  edges: readonly string[];
  pins?: string;
  boards?: string;
  /** Topics of pins and boards, as `boardwalk topics` writes them; they replace those of the files above. */
  topics?: string;
  out: string;
  columns: Partial<Record<Role, ColumnMapping>>;
  /** Rejected rows that are tolerated: a number, or a share of all rows such as `1%`. */
  maxRejects: string;
  /** Attributes that pins and boards are numbered by, before their ids. */
  order: readonly OrderColumn[];
  force: boolean;
  progress: Progress;
}

export const buildDefaults = {
  columns: {},
  maxRejects: '1%',
  order: [],
  force: false,
  memory: databaseDefaults.memory,
  threads: databaseDefaults.threads,
  progress: silentProgress,
} satisfies Partial<BuildOptions>;

export interface BuildResult {
  manifest: Manifest;
  /** Rows read, rejected ones included. */
  rows: number;
  rejected: number;
  /** Columns that have no meaning, by file. */
  ignored: Record<string, string[]>;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

interface Staged {
  sources: SourceRecord[];
  ignored: Record<string, string[]>;
  nodes: Partial<Record<'pins' | 'boards', StagedNodes>>;
  rows: number;
}

async function stageAll(connection: DuckDBConnection, options: BuildOptions): Promise<Staged> {
  const staged: Staged = { sources: [], ignored: {}, nodes: {}, rows: 0 };
  const record = async (role: Role, file: string, rows: number, ignored: string[]): Promise<void> => {
    staged.sources.push({ role, file: basename(file), bytes: statSync(file).size, sha256: await hashOf(file), rows });
    staged.rows += rows;
    if (ignored.length === 0) return;
    staged.ignored[file] = ignored;
    options.progress.note(`${file}: columns without a meaning here are left out: ${ignored.join(', ')}`);
  };
  await createRejects(connection);
  await createEdges(connection);
  for (const [index, file] of options.edges.entries()) {
    const stage = options.progress.stage(`reading edges from ${basename(file)}`);
    const { rows, ignored } = await stageEdges(connection, file, `edges_${index}`, options.columns.edges);
    await record('edges', file, rows, ignored);
    stage.finish(`${rows.toLocaleString('en-US')} rows`);
  }
  for (const role of ['pins', 'boards'] as const) {
    const file = options[role];
    if (file === undefined) {
      await connection.run(`CREATE TABLE ${role} (place BIGINT, id VARCHAR)`);
      continue;
    }
    const stage = options.progress.stage(`reading ${role} from ${basename(file)}`);
    const nodes = await stageNodes(connection, role, file, options.columns[role]);
    staged.nodes[role] = nodes;
    await record(role, file, nodes.rows, nodes.ignored);
    stage.finish(`${nodes.rows.toLocaleString('en-US')} rows`);
  }
  if (options.topics !== undefined) {
    const stage = options.progress.stage(`reading topics from ${basename(options.topics)}`);
    const { rows, ignored, known } = await stageTopics(connection, options.topics);
    for (const role of ['pins', 'boards'] as const) {
      const nodes = staged.nodes[role] ?? { rows: 0, ignored: [], duplicates: 0, attributes: [], vectors: [] };
      if (known[role] && !nodes.attributes.includes('topic')) nodes.attributes.push('topic');
      staged.nodes[role] = nodes;
    }
    await record('topics', options.topics, rows, ignored);
    stage.finish(`${rows.toLocaleString('en-US')} rows`);
  }
  return staged;
}

/** Throws where more rows were rejected than allowed; what was rejected then lies beside the output. */
async function judgeRejects(
  connection: DuckDBConnection,
  options: BuildOptions,
  rows: number,
  temporary: string,
): Promise<Record<string, number>> {
  const rejects = await countRejects(connection);
  const count = Object.values(rejects).reduce((sum, each) => sum + each, 0);
  if (count === 0) return rejects;
  const path = join(temporary, 'rejects.parquet');
  await writeRejects(connection, path);
  for (const [reason, each] of Object.entries(rejects)) options.progress.note(`rejected: ${each} rows, ${reason}`);
  const allowed = allowedRejects(options.maxRejects, rows);
  if (count <= allowed) return rejects;
  const kept = join(dirname(resolve(options.out)), `${basename(resolve(options.out))}.rejects.parquet`);
  renameSync(path, kept);
  const reasons = Object.entries(rejects).map(([reason, each]) => `${each} × ${reason}`);
  throw new BoardwalkError(
    'too_many_rejects',
    `${count} of ${rows} rows were rejected (${reasons.slice(0, 4).join('; ')}), and --max-rejects ${options.maxRejects} allows ` +
      `${allowed}. They are listed in ${kept}; mend the input, or raise --max-rejects.`,
    { file: kept, field: 'max-rejects' },
  );
}

/** The columns of the order that each side has; one that neither has is most likely a mistake. */
function orderOf({ order }: BuildOptions, { nodes }: Staged): Record<'pins' | 'boards', OrderColumn[]> {
  const known = (side: 'pins' | 'boards') => order.filter((column) => nodes[side]?.attributes.includes(column));
  const missing = order.find((column) => !known('pins').includes(column) && !known('boards').includes(column));
  if (missing !== undefined)
    throw new BoardwalkError(
      'bad_option',
      `--order names ${missing}, and no pin or board has one. Give a ${missing} column in --pins or --boards.`,
      { field: 'order' },
    );
  return { pins: known('pins'), boards: known('boards') };
}

/**
 * Builds a graph directory from edge, pin and board files. Ids are ordered by their UTF-8 bytes, so the
 * result does not depend on the order of the input's rows or on the number of threads.
 */
export async function buildGraph(
  given: Partial<BuildOptions> & Pick<BuildOptions, 'edges' | 'out'>,
): Promise<BuildResult> {
  const options: BuildOptions = { ...buildDefaults, ...given };
  const { progress, memory, threads, out, force } = options;
  allowedRejects(options.maxRejects, 0);
  return writeWholeDirectory(
    out,
    async (temporary) => {
      const spill = join(temporary, 'spill');
      mkdirSync(spill);
      return withDatabase({ memory, threads, spill }, async (connection) => {
        const staged = await stageAll(connection, options);
        const rejects = await judgeRejects(connection, options, staged.rows, temporary);
        const count = await numberOf(connection, 'SELECT count(*) FROM edges');
        if (count > edgeLimit)
          throw new BoardwalkError(
            'too_many_edges',
            `${count} edges are more than the ${edgeLimit} that one graph directory holds. Prune the edges, or build ` +
              'partitions with the distributed path and open them side by side.',
            { field: 'edges' },
          );
        const numbering = progress.stage('numbering pins and boards');
        const { pins, boards } = staged.nodes;
        const known = orderOf(options, staged);
        const pinCount = await indexNodes(connection, 'pins', known.pins);
        const boardCount = await indexNodes(connection, 'boards', known.boards);
        const sections = await numberSections(connection);
        numbering.finish(`${pinCount.toLocaleString('en-US')} pins, ${boardCount.toLocaleString('en-US')} boards`);

        const reading = progress.stage('sorting edges', count);
        const raw = await readEdges(connection, count, sections, (done) => reading.update(done));
        await connection.run('DROP TABLE edges');
        const { topology, columns, duplicates } = foldEdges(raw.edges, raw.columns, pinCount, boardCount);
        reading.finish(
          `${topology.boards.neighbours.length.toLocaleString('en-US')} edges, ${duplicates} duplicates folded`,
        );

        const writing = progress.stage('writing');
        const manifest = await writeGraphFiles(temporary, {
          topology,
          edges: columns,
          pins: nodeSource(connection, 'pins', pinCount, pins?.attributes ?? []),
          boards: nodeSource(connection, 'boards', boardCount, boards?.attributes ?? []),
          features: featureSources(connection, pins?.vectors ?? []),
          order: options.order,
          provenance: {
            tool: toolVersion(),
            sources: staged.sources,
            options: {
              columns: options.columns,
              maxRejects: options.maxRejects,
              order: options.order,
              memory,
              threads,
            },
            rejects,
            duplicates: { edges: duplicates, pins: pins?.duplicates ?? 0, boards: boards?.duplicates ?? 0 },
          },
        });
        rmSync(spill, { recursive: true, force: true });
        writing.finish(out);
        const rejected = Object.values(rejects).reduce((sum, each) => sum + each, 0);
        return { manifest, rows: staged.rows, rejected, ignored: staged.ignored };
      });
    },
    { force },
  );
}
