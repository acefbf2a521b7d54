import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withDatabase } from '../data/database.js';
import { Journal } from '../data/journal.js';
import {
  allowedRejects,
  countRejects,
  firstRejectText,
  tooManyRejects,
  totalRejects,
  writeRejects,
} from '../data/rejects.js';
import { numberSections } from '../data/stage-edges.js';
import { writeWholeDirectory } from '../data/whole-directory.js';
import { BoardwalkError } from '../errors.js';
import { toolVersion } from '../package-root.js';
import { withDefaults } from '../with-defaults.js';
import { edgeLimit } from './adjacency-file.js';
import { buildDefaults, type BuildOptions } from './build-options.js';
import { foldStaged, type StagedGraph } from './fold-staged.js';
import type { Side } from './graph.js';
import { firstDayAdvice } from './inspect.js';
import type { Manifest } from './manifest.js';
import { memoryBudget } from './memory-budget.js';
import type { OrderColumn } from './node-order.js';
import { buildKey, countsOf, stageSources, type StagedSources } from './stage-sources.js';
import { featureSources, indexNodes, nodeSource } from './staged-tables.js';
import { type FileKeeper, graphFolder, rejectsFile, writeGraphFiles } from './write.js';

export { buildDefaults, type BuildOptions } from './build-options.js';

export interface BuildResult {
  manifest: Manifest;
  /** Rows read, rejected ones included. */
  rows: number;
  rejected: number;
  /** Columns that have no meaning, by file. */
  ignored: Record<string, string[]>;
}

/** Throws where more rows were rejected than allowed; what was rejected then lies beside the output. */
async function judgeRejects(
  connection: DuckDBConnection,
  options: BuildOptions,
  rows: number,
  temporary: string,
): Promise<Record<string, number>> {
  const rejects = await countRejects(connection);
  const count = totalRejects(rejects);
  if (count === 0) return rejects;
  const path = join(temporary, rejectsFile);
  await writeRejects(connection, path);
  for (const [reason, each] of Object.entries(rejects)) options.progress.note(`rejected: ${each} rows, ${reason}`);
  options.progress.note(await firstRejectText(connection));
  const allowed = allowedRejects(options.maxRejects, rows);
  if (count <= allowed) return rejects;
  const list = `${resolve(options.rejectsBeside ?? options.out)}.rejects.parquet`;
  renameSync(path, list);
  const outcome = `and --max-rejects ${options.maxRejects} allows ${allowed}`;
  throw await tooManyRejects(connection, { rejects, rows, outcome, list });
}

/** The columns of the order that each side has; one that neither has is most likely a mistake. */
function orderOf({ order }: BuildOptions, { nodes }: StagedSources): Record<Side, OrderColumn[]> {
  const known = (side: Side) => order.filter((column) => nodes[side]?.attributes.includes(column));
  const missing = order.find((column) => !known('pins').includes(column) && !known('boards').includes(column));
  if (missing !== undefined)
    throw new BoardwalkError(
      'bad_option',
      `--order names ${missing}, and no pin or board has one. Give a ${missing} column in --pins or --boards.`,
      { field: 'order' },
    );
  return { pins: known('pins'), boards: known('boards') };
}

/** Numbers pins, boards and sections. */
async function numberAll(
  connection: DuckDBConnection,
  journal: Journal,
  options: BuildOptions,
  staged: StagedSources,
): Promise<StagedGraph> {
  const { edges, added_at, weight, section, firstDay } = countsOf(staged);
  if (edges > edgeLimit)
    throw new BoardwalkError(
      'too_many_edges',
      `${edges} edges are more than the ${edgeLimit} that one graph directory holds. Prune the edges, or build ` +
        'partitions with the distributed path and open them side by side.',
      { field: 'edges' },
    );
  if (firstDay > 0)
    options.progress.note(`${firstDay.toLocaleString('en-US')} edges are dated 1970-01-01. ${firstDayAdvice}`);
  const stage = options.progress.stage('numbering pins and boards');
  const known = orderOf(options, staged);
  const pins = await journal.once('numbers of pins', () => indexNodes(connection, 'pins', known.pins));
  const boards = await journal.once('numbers of boards', () => indexNodes(connection, 'boards', known.boards));
  const sections = section > 0 ? await journal.once('sections', () => numberSections(connection)) : [];
  stage.finish(`${pins.toLocaleString('en-US')} pins, ${boards.toLocaleString('en-US')} boards`);
  return { edges, pins, boards, kinds: { addedAt: added_at > 0, weight: weight > 0, sections } };
}

/**
 * Builds a graph directory from edge, pin and board files. Ids are ordered by their UTF-8 bytes, so the
 * result depends neither on the order of the input's rows nor on memory or threads. A build that was killed
 * goes on after its last whole stage when it is run again.
 */
export async function buildGraph(
  given: Partial<BuildOptions> & Pick<BuildOptions, 'edges' | 'out'>,
): Promise<BuildResult> {
  const options: BuildOptions = withDefaults(buildDefaults, given);
  const { progress, memory, threads, out, force } = options;
  const budget = memoryBudget(memory);
  allowedRejects(options.maxRejects, 0);
  const fill = async (temporary: string): Promise<BuildResult> => {
    const folder = join(temporary, 'work');
    const spill = join(folder, 'spill');
    rmSync(spill, { recursive: true, force: true });
    mkdirSync(spill, { recursive: true });
    const database = { memory: budget.database, threads, spill, file: join(folder, 'staged.duckdb') };
    const result = await withDatabase(database, async (connection) => {
      // What is staged is read a few times and then thrown away: neither packing nor a last tidying up pays.
      await connection.run("SET force_compression = 'uncompressed'");
      await connection.run('PRAGMA disable_checkpoint_on_shutdown');
      const journal = await Journal.open(connection);
      if (journal.finished)
        progress.note(`going on after what a build of the same files had done: ${journal.finished}`);
      const staged = await stageSources(connection, journal, options);
      const rejects = await judgeRejects(connection, options, staged.rows, temporary);
      const graph = await numberAll(connection, journal, options, staged);
      const { edgesInMemory } = options;
      const folded = await foldStaged(connection, graph, {
        journal,
        folder,
        budget,
        progress,
        edgesInMemory,
      });

      const { pins, boards } = staged.nodes;
      const { duplicates } = folded;
      const source = {
        edges: folded.directions,
        pins: nodeSource(connection, 'pins', graph.pins, pins?.attributes ?? []),
        boards: nodeSource(connection, 'boards', graph.boards, boards?.attributes ?? []),
        features: featureSources(connection, pins?.vectors ?? []),
        relations: [],
        order: options.order,
        provenance: {
          tool: toolVersion(),
          sources: staged.sources,
          options: { columns: options.columns, maxRejects: options.maxRejects, order: options.order, memory, threads },
          rejects,
          duplicates: { edges: duplicates, pins: pins?.duplicates ?? 0, boards: boards?.duplicates ?? 0 },
        },
      };
      const keeper: FileKeeper = (name, write) => journal.once(name, write);
      const manifest = await writeGraphFiles(temporary, source, { keeper, progress });
      const rejected = totalRejects(rejects);
      return { manifest, rows: staged.rows, rejected, ignored: staged.ignored };
    });
    rmSync(folder, { recursive: true, force: true });
    return result;
  };
  return writeWholeDirectory(out, graphFolder, fill, { force, resume: buildKey(toolVersion(), options) });
}
