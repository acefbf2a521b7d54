import type { DuckDBConnection } from '@duckdb/node-api';
import { badTime, badWeight, type Check, firstFailed, missingId } from './checks.js';
import { type ColumnMapping, resolveColumns } from './columns.js';
import { rowsOf } from './database.js';
import { wholeText } from './duckdb-columns.js';
import { rejectLines, rejectRows } from './rejects.js';
import { openSource, readError, type SourceFile } from './source-file.js';

/** What staging one file found. */
export interface StagedFile {
  /** Rows of the file, rejected ones included. */
  rows: number;
  /** Columns that mean nothing here. */
  ignored: string[];
}

export interface StagedEdges extends StagedFile {
  /** What stands after FROM for its good rows: board_id, pin_id, added_at, weight, section. */
  relation: string;
  /** Good rows, how many of them have each column, and how many are dated the first of January 1970. */
  counts: { edges: number; added_at: number; weight: number; section: number; firstDay: number };
}

function checksFor(source: SourceFile, columns: Map<string, string>): Check[] {
  const checks: Check[] = [];
  if (source.broken) checks.push({ ...source.broken, field: null });
  for (const [ours, theirs] of columns) {
    const text = source.text(theirs);
    if (ours.endsWith('_id')) checks.push(missingId(ours, text));
    if (ours === 'added_at') checks.push(badTime(ours, text, source.time(theirs)));
    if (ours === 'weight') checks.push(...badWeight(ours, text, source.number(theirs)));
  }
  return checks;
}

/**
 * Finds a file's good rows and adds its bad ones to `rejects`. Text is parsed once, into a table of the given
 * name; columnar files stay where they are and are read again whenever their edges are asked for, which
 * takes less time than a copy and no room.
 */
export async function stageEdges(
  connection: DuckDBConnection,
  file: string,
  name: string,
  mapping?: ColumnMapping,
): Promise<StagedEdges> {
  const source = await openSource(connection, file, name);
  const columns = resolveColumns('edges', file, source.columns, mapping);
  const checks = checksFor(source, columns);
  const cell = (ours: string, read: (column: string) => string, type: string): string =>
    `${columns.has(ours) ? read(columns.get(ours) as string) : `CAST(NULL AS ${type})`} AS ${ours}`;
  const cells = [
    cell('board_id', source.text, 'VARCHAR'),
    cell('pin_id', source.text, 'VARCHAR'),
    cell('added_at', source.time, 'BIGINT'),
    cell('weight', source.number, 'FLOAT'),
    cell('section', (column) => `nullif(${source.text(column)}, '')`, 'VARCHAR'),
    // Numbers the first check that a row fails.
    `${firstFailed(checks)} AS problem`,
  ];
  const select = `SELECT ${cells.join(', ')} FROM ${source.scan('first')} WHERE ${source.rows}`;
  try {
    if (!source.cheap) await connection.run(`CREATE OR REPLACE TABLE ${name} AS ${select}`);
    const lines = await rejectLines(connection, source);
    const read = source.cheap ? `(${select})` : name;
    const [found] = await rowsOf(
      connection,
      `SELECT count(*) AS rows, count(problem) AS bad, ${['added_at', 'weight', 'section']
        .map((column) => `count(${column}) FILTER (problem IS NULL) AS ${column}`)
        .join(', ')}, count(*) FILTER (problem IS NULL AND added_at BETWEEN 0 AND 86399999) AS first_day FROM ${read}`,
    );
    const count = (what: string): number => Number(found[what]);
    if (count('bad') > 0) await rejectRows(connection, source, checks);
    const used = new Set(columns.values());
    return {
      rows: count('rows') + lines,
      ignored: source.columns.filter((column) => !used.has(column)),
      relation: count('bad') > 0 ? `(SELECT * FROM ${read} WHERE problem IS NULL)` : read,
      counts: {
        edges: count('rows') - count('bad'),
        added_at: count('added_at'),
        weight: count('weight'),
        section: count('section'),
        firstDay: count('first_day'),
      },
    };
  } catch (error) {
    throw readError(file, error);
  }
}

/** Makes `edges` stand for the good rows of all files. */
export async function nameEdges(connection: DuckDBConnection, staged: readonly StagedEdges[]): Promise<void> {
  const parts = staged.map(({ relation }) => `SELECT board_id, pin_id, added_at, weight, section FROM ${relation}`);
  await connection.run(`CREATE OR REPLACE TEMP VIEW edges AS ${parts.join(' UNION ALL ')}`);
}

/** Numbers the sections in `section_codes`, from 1 in ascending order; gives their names in that order. */
export async function numberSections(connection: DuckDBConnection): Promise<string[]> {
  await connection.run(
    `CREATE OR REPLACE TABLE section_codes AS SELECT section, CAST(row_number() OVER (ORDER BY section) AS UINTEGER) AS code
     FROM (SELECT DISTINCT section FROM edges WHERE section IS NOT NULL)`,
  );
  const result = await connection.runAndReadAll(`SELECT ${wholeText('section')} FROM section_codes ORDER BY code`);
  return result.getRows().map(([section]) => String(section));
}
