import type { DuckDBConnection } from '@duckdb/node-api';
import { resolve } from 'node:path';
import type { ColumnMapping, Role } from '../../data/columns.js';
import { identifier, numberOf, withDatabase } from '../../data/database.js';
import { chunksOf, rawColumn, wholeText } from '../../data/duckdb-columns.js';
import {
  allowedRejects,
  countRejects,
  createRejects,
  tooManyRejects,
  totalRejects,
  writeRejects,
} from '../../data/rejects.js';
import { nameEdges, stageEdges } from '../../data/stage-edges.js';
import { stageNodes } from '../../data/stage-nodes.js';
import { type Progress, silentProgress } from '../../progress.js';
import { withDefaults } from '../../with-defaults.js';
import { type Side, sides } from '../graph.js';
import type { NodeRow } from './batches.js';
import type { LiveGraph } from './live-graph.js';

export interface AddFilesOptions {
  edges: readonly string[];
  pins?: string;
  boards?: string;
  /** Take away what the files name, instead of adding it. */
  remove: boolean;
  columns: Partial<Record<Role, ColumnMapping>>;
  /** Rejected rows that are tolerated: a number, or a share of all rows such as `1%`. */
  maxRejects: string;
  progress: Progress;
}

export const addFilesDefaults: AddFilesOptions = {
  edges: [],
  remove: false,
  columns: {},
  maxRejects: '1%',
  progress: silentProgress,
};

export interface AddedFiles {
  /** Rows read, rejected ones included. */
  rows: number;
  rejected: number;
  /** What was new or became other, or was there to be taken away. */
  changed: Record<'edges' | Side, number>;
}

/** Rows sent at a time. */
const sentRows = 16_384;

interface Staged {
  rows: number;
  /** Attributes that a file of nodes has. */
  attributes: Record<Side, readonly string[]>;
}

async function stageFiles(connection: DuckDBConnection, options: AddFilesOptions): Promise<Staged> {
  const { progress, columns } = options;
  const staged: Staged = { rows: 0, attributes: { pins: [], boards: [] } };
  const count = (file: string, rows: number, ignored: readonly string[]): void => {
    staged.rows += rows;
    if (ignored.length > 0)
      progress.note(`${file}: columns without a meaning here are left out: ${ignored.join(', ')}`);
  };
  await createRejects(connection);
  const edges = [];
  for (const [index, file] of options.edges.entries()) {
    const found = await stageEdges(connection, file, `edges_${index}`, columns.edges);
    count(file, found.rows, found.ignored);
    edges.push(found);
  }
  if (edges.length > 0) await nameEdges(connection, edges);
  for (const side of sides) {
    const file = options[side];
    if (file === undefined) continue;
    const found = await stageNodes(connection, side, file, columns[side]);
    const vectors = found.vectors.map(({ name }) => name);
    count(file, found.rows, [...found.ignored, ...vectors]);
    staged.attributes[side] = found.attributes;
  }
  return staged;
}

/** Refuses the files, before anything of them is sent, where too many of their rows are bad. */
async function judge(connection: DuckDBConnection, graph: string, rows: number, maxRejects: string): Promise<number> {
  const rejects = await countRejects(connection);
  const count = totalRejects(rejects);
  if (count === 0) return 0;
  const list = `${resolve(graph)}.rejects.parquet`;
  await writeRejects(connection, list);
  if (count <= allowedRejects(maxRejects, rows)) return count;
  throw await tooManyRejects(connection, { rejects, rows, outcome: 'so nothing was changed', list });
}

async function sendEdges(connection: DuckDBConnection, live: LiveGraph, options: AddFilesOptions): Promise<number> {
  const total = await numberOf(connection, 'SELECT count(*) FROM edges');
  const stage = options.progress.stage(options.remove ? 'removing edges' : 'adding edges', total);
  let batch = { boardIds: [] as string[], pinIds: [] as string[], addedAt: [] as number[], weight: [] as number[] };
  let changed = 0;
  let sent = 0;
  const send = async (): Promise<void> => {
    const result = await (options.remove ? live.removeEdges(batch) : live.addEdges(batch));
    changed += result.changed;
    sent += batch.boardIds.length;
    stage.update(sent);
    batch = { boardIds: [], pinIds: [], addedAt: [], weight: [] };
  };
  const cells = [wholeText('board_id'), wholeText('pin_id'), 'CAST(added_at AS DOUBLE)', 'weight'];
  const query = `SELECT ${cells.join(', ')} FROM edges`;
  for await (const chunk of chunksOf(connection, query)) {
    const added = rawColumn<Float64Array>(chunk, 2);
    const weight = rawColumn<Float32Array>(chunk, 3);
    batch.boardIds.push(...(chunk.getColumnValues(0) as string[]));
    batch.pinIds.push(...(chunk.getColumnValues(1) as string[]));
    for (let row = 0; row < chunk.rowCount; row++) {
      batch.addedAt.push(added.isPresent(row) ? added.values[row] : Number.NaN);
      batch.weight.push(weight.isPresent(row) ? weight.values[row] : Number.NaN);
    }
    if (batch.boardIds.length >= sentRows) await send();
  }
  if (batch.boardIds.length > 0) await send();
  stage.finish(`${changed.toLocaleString('en-US')} changed`);
  return changed;
}

async function sendNodes(
  connection: DuckDBConnection,
  live: LiveGraph,
  side: Side,
  attributes: readonly string[],
  remove: boolean,
): Promise<number> {
  const cells = attributes.map((name) =>
    name === 'created_at' ? `n.${name}::DOUBLE` : wholeText(`n.${identifier(name)}`),
  );
  let changed = 0;
  for await (const chunk of chunksOf(connection, `SELECT ${[wholeText('n.id'), ...cells].join(', ')} FROM ${side} n`)) {
    const columns = attributes.map((_, index) => chunk.getColumnValues(index + 1));
    const rows = (chunk.getColumnValues(0) as string[]).map((id, row): NodeRow => {
      const named = attributes.map((name, index) => [name, cellOf(name, columns[index][row])] as const);
      // A cell that is empty says nothing of what the node has.
      return { id, ...Object.fromEntries(named.filter(([, cell]) => cell !== null)) };
    });
    const ids = rows.map(({ id }) => id);
    const result = await (remove
      ? side === 'pins'
        ? live.removePins(ids)
        : live.removeBoards(ids)
      : side === 'pins'
        ? live.addPins(rows)
        : live.addBoards(rows));
    changed += result.changed;
  }
  return changed;
}

function cellOf(name: string, value: unknown): string | null {
  if (value === null) return null;
  return name === 'created_at' ? new Date(Number(value)).toISOString() : String(value);
}

/**
 * Adds the edges, pins and boards of files to a live graph, or takes them away. The files are read and
 * checked before the first change; a run that was cut short can be repeated.
 */
export async function addFiles(live: LiveGraph, given: Partial<AddFilesOptions>): Promise<AddedFiles> {
  const options: AddFilesOptions = withDefaults(addFilesDefaults, given);
  return withDatabase({}, async (connection) => {
    const reading = options.progress.stage('reading');
    const { rows, attributes } = await stageFiles(connection, options);
    const rejected = await judge(connection, live.directory, rows, options.maxRejects);
    reading.finish(`${rows.toLocaleString('en-US')} rows`);
    const changed = { edges: 0, pins: 0, boards: 0 };
    for (const side of sides)
      if (options[side] !== undefined)
        changed[side] = await sendNodes(connection, live, side, attributes[side], options.remove);
    if (options.edges.length > 0) changed.edges = await sendEdges(connection, live, options);
    return { rows, rejected, changed };
  });
}
