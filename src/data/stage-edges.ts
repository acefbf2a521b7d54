import type { DuckDBConnection } from '@duckdb/node-api';
import { badTime, badWeight, type Check, firstFailed, milliseconds, missingId } from './checks.js';
import { type ColumnMapping, resolveColumns } from './columns.js';
import { numberOf } from './database.js';
import { rejectLines, rejectRows } from './rejects.js';
import { openSource, readError, type SourceFile } from './source-file.js';

/** What staging one file found. */
export interface StagedFile {
  /** Rows of the file, rejected ones included. */
  rows: number;
  /** Columns that mean nothing here. */
  ignored: string[];
}

function checksFor(source: SourceFile, columns: Map<string, string>): Check[] {
  const text = (ours: string): string => source.text(columns.get(ours) as string);
  const checks: Check[] = [];
  if (source.broken) checks.push({ ...source.broken, field: null });
  checks.push(missingId('board_id', text('board_id')), missingId('pin_id', text('pin_id')));
  if (columns.has('added_at')) checks.push(badTime('added_at', text('added_at')));
  if (columns.has('weight')) checks.push(...badWeight('weight', text('weight')));
  return checks;
}

/** `problem` numbers the first check that a row fails; such rows are gone when a file is staged. */
export async function createEdges(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `CREATE TABLE edges
     (board_id VARCHAR, pin_id VARCHAR, added_at BIGINT, weight FLOAT, section VARCHAR, problem UTINYINT)`,
  );
}

/** Adds a file's good rows to the table `edges` and its bad ones to `rejects`. */
export async function stageEdges(
  connection: DuckDBConnection,
  file: string,
  name: string,
  mapping?: ColumnMapping,
): Promise<StagedFile> {
  const source = await openSource(connection, file, name);
  const columns = resolveColumns('edges', file, source.columns, mapping);
  const checks = checksFor(source, columns);
  const text = (ours: string): string => (columns.has(ours) ? source.text(columns.get(ours) as string) : 'NULL');
  const addedAt = columns.has('added_at') ? milliseconds(text('added_at')) : 'NULL';
  try {
    const before = await numberOf(connection, 'SELECT count(*) FROM edges');
    await connection.run(
      `INSERT INTO edges SELECT ${text('board_id')}, ${text('pin_id')}, ${addedAt}, try_cast(${text('weight')} AS FLOAT),
       nullif(${text('section')}, ''), ${firstFailed(checks)} FROM ${source.scan('first')} WHERE ${source.rows}`,
    );
    const lines = await rejectLines(connection, source);
    const rows = (await numberOf(connection, 'SELECT count(*) FROM edges')) - before;
    if ((await numberOf(connection, 'SELECT count(problem) FROM edges')) > 0) {
      await rejectRows(connection, source, checks);
      await connection.run('DELETE FROM edges WHERE problem IS NOT NULL');
    }
    const used = new Set(columns.values());
    return { rows: rows + lines, ignored: source.columns.filter((column) => !used.has(column)) };
  } catch (error) {
    throw readError(file, error);
  }
}

/** Numbers the sections in `section_codes`, from 1 in ascending order; gives their names in that order. */
export async function numberSections(connection: DuckDBConnection): Promise<string[]> {
  await connection.run(
    `CREATE TABLE section_codes AS SELECT section, CAST(row_number() OVER (ORDER BY section) AS UINTEGER) AS code
     FROM (SELECT DISTINCT section FROM edges WHERE section IS NOT NULL)`,
  );
  const result = await connection.runAndReadAll('SELECT section FROM section_codes ORDER BY code');
  return result.getRows().map(([section]) => String(section));
}
