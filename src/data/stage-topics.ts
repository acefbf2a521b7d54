import type { DuckDBConnection } from '@duckdb/node-api';
import { BoardwalkError } from '../errors.js';
import { type Check, firstFailed } from './checks.js';
import { resolveColumns } from './columns.js';
import { numberOf } from './database.js';
import { rejectLines, rejectRows } from './rejects.js';
import { openSource, readError, type SourceFile } from './source-file.js';
import type { StagedFile } from './stage-edges.js';

export interface StagedTopics extends StagedFile {
  /** Whether any node of a side has a topic now. */
  known: Record<'pins' | 'boards', boolean>;
}

/** An expression of the id, null where the row is about the other side. */
function idOf(source: SourceFile, column: string | undefined): string {
  return column === undefined ? 'CAST(NULL AS VARCHAR)' : `nullif(${source.text(column)}, '')`;
}

/**
 * Gives the staged pins and boards the topics of a file, in place of those they had. A row names a pin or a
 * board; one that neither a node file nor an edge names is passed over.
 */
export async function stageTopics(connection: DuckDBConnection, file: string): Promise<StagedTopics> {
  const source = await openSource(connection, file, 'topics');
  const columns = resolveColumns('topics', file, source.columns);
  const ids = { pins: idOf(source, columns.get('pin_id')), boards: idOf(source, columns.get('board_id')) };
  if (!columns.has('pin_id') && !columns.has('board_id'))
    throw new BoardwalkError('bad_file', `${file} has neither a column pin_id nor board_id. Name the nodes in one.`, {
      file,
      field: 'pin_id',
    });
  const named = `coalesce(${ids.pins}, '') || ' ' || coalesce(${ids.boards}, '')`;
  const topic = `nullif(${source.text(columns.get('topic') as string)}, '')`;
  const checks: Check[] = [
    ...(source.broken ? [{ ...source.broken, field: null }] : []),
    {
      condition: `(${ids.pins} IS NULL) = (${ids.boards} IS NULL)`,
      field: 'pin_id',
      reason: 'not one of pin_id and board_id',
      content: named,
    },
    { condition: `${topic} IS NULL`, field: 'topic', reason: 'missing topic', content: named },
  ];
  try {
    await connection.run(
      `CREATE OR REPLACE TABLE topics AS SELECT ${ids.pins} AS pins_id, ${ids.boards} AS boards_id,
         ${topic} AS topic, ${firstFailed(checks)} AS problem
       FROM ${source.scan('first')} WHERE ${source.rows}`,
    );
    const lines = await rejectLines(connection, source);
    const rows = await numberOf(connection, 'SELECT count(*) FROM topics');
    if ((await numberOf(connection, 'SELECT count(problem) FROM topics')) > 0)
      await rejectRows(connection, source, checks);
    const known = {
      pins: await adopt(connection, 'pins', 'pin_id'),
      boards: await adopt(connection, 'boards', 'board_id'),
    };
    await connection.run('DROP TABLE topics');
    const used = new Set(columns.values());
    return { rows: rows + lines, ignored: source.columns.filter((column) => !used.has(column)), known };
  } catch (error) {
    throw readError(file, error);
  }
}

/** Where a node has several topics, the first in their order stays. */
async function adopt(connection: DuckDBConnection, role: 'pins' | 'boards', edgeColumn: string): Promise<boolean> {
  await connection.run(`ALTER TABLE ${role} ADD COLUMN IF NOT EXISTS topic VARCHAR`);
  await connection.run(
    `CREATE TEMP TABLE adopted AS SELECT ${role}_id AS id, min(topic) AS topic FROM topics
     WHERE problem IS NULL AND ${role}_id IS NOT NULL GROUP BY 1`,
  );
  await connection.run(`UPDATE ${role} SET topic = a.topic FROM adopted a WHERE a.id = ${role}.id`);
  await connection.run(
    `INSERT INTO ${role} (id, topic) SELECT id, topic FROM adopted
     WHERE id IN (SELECT ${edgeColumn} FROM edges) AND id NOT IN (SELECT id FROM ${role})`,
  );
  await connection.run('DROP TABLE adopted');
  return (await numberOf(connection, `SELECT count(topic) FROM ${role}`)) > 0;
}
