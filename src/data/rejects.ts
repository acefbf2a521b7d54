import type { DuckDBConnection } from '@duckdb/node-api';
import { BoardwalkError } from '../errors.js';
import { type Check, fieldOf, firstFailed, perCheck } from './checks.js';
import { literal, numberOf, rowsOf } from './database.js';
import type { Pass, SourceFile } from './source-file.js';

/** At most this much of an offending cell or line is kept. */
const contentCharacters = 500;

/** The table that every stage adds its rejected rows to. */
export async function createRejects(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'CREATE TABLE rejects ("file" VARCHAR, "row" BIGINT, field VARCHAR, reason VARCHAR, content VARCHAR)',
  );
}

/** What the text reader calls its errors → what we call them. */
const lineReasons: Record<string, string> = {
  'MISSING COLUMNS': 'too few columns',
  'TOO MANY COLUMNS': 'too many columns',
  'INVALID ENCODING': 'not UTF-8',
  'UNQUOTED VALUE': 'misplaced quote',
  'LINE SIZE OVER MAXIMUM': 'line too long',
};

/** Moves the lines that a logging scan could not split into columns to `rejects`. */
export async function rejectLines(connection: DuckDBConnection, source: SourceFile): Promise<number> {
  if (source.rejects === undefined) return 0;
  const known = Object.entries(lineReasons).map(([theirs, ours]) => `WHEN ${literal(theirs)} THEN ${literal(ours)}`);
  const otherwise = source.format === 'jsonl' ? literal('broken JSON') : 'lower(error_type::VARCHAR)';
  await connection.run(
    `INSERT INTO rejects SELECT ${literal(source.file)}, line, NULL, min(CASE error_type::VARCHAR ${known.join(' ')} ELSE ${otherwise} END),
     left(trim(any_value(csv_line), chr(10) || chr(13)), ${contentCharacters}) FROM ${source.rejects} GROUP BY line`,
  );
  return numberOf(connection, `SELECT count(DISTINCT line) FROM ${source.rejects}`);
}

/**
 * Adds to `rejects` what `select` finds: columns place, field, reason and content, where place is the row's
 * number among the records that could be split. The number written counts the header and every record,
 * rejected ones included, from 1; line breaks inside quotes and blank lines do not count.
 */
export async function rejectPlaces(connection: DuckDBConnection, source: SourceFile, select: string): Promise<void> {
  const lost = source.rejects
    ? `SELECT line - row_number() OVER (ORDER BY line) AS before, row_number() OVER (ORDER BY line) AS lines
       FROM (SELECT DISTINCT line FROM ${source.rejects})`
    : 'SELECT 0 AS before, 0 AS lines WHERE false';
  await connection.run(
    `INSERT INTO rejects
     WITH bad AS (${select}), lost AS (SELECT before, max(lines) AS lines FROM (${lost}) GROUP BY before)
     SELECT ${literal(source.file)}, place + coalesce(lines, 0), field, reason, left(content, ${contentCharacters})
     FROM bad ASOF LEFT JOIN lost ON bad.place > lost.before`,
  );
}

/** The rows of a file that can be split, each with its place. */
export function placedRows(source: SourceFile, pass: Pass): string {
  const header = source.hasHeader ? 1 : 0;
  return `(SELECT * FROM (SELECT row_number() OVER () + ${header} AS place, * FROM ${source.scan(pass)})
    WHERE ${source.rows})`;
}

/**
 * Reads the file a second time to find where its bad rows are: numbering rows costs half as much again as
 * reading them, so it is done only for files that have some.
 */
export function rejectRows(connection: DuckDBConnection, source: SourceFile, checks: readonly Check[]): Promise<void> {
  return rejectPlaces(
    connection,
    source,
    `SELECT place, ${perCheck('problem', checks, fieldOf)} AS field,
       ${perCheck('problem', checks, ({ reason }) => literal(reason))} AS reason,
       ${perCheck('problem', checks, ({ content }) => `(${content})::VARCHAR`)} AS content
     FROM (SELECT *, ${firstFailed(checks)} AS problem FROM ${placedRows(source, 'second')})
     WHERE problem IS NOT NULL`,
  );
}

const reasonInField = `reason || coalesce(' in ' || field, '')`;

/** Rejected rows by reason and field, most first. */
export async function countRejects(connection: DuckDBConnection): Promise<Record<string, number>> {
  const rows = await rowsOf(
    connection,
    `SELECT ${reasonInField} AS what, count(*) AS count FROM rejects GROUP BY what ORDER BY count DESC, what`,
  );
  return Object.fromEntries(rows.map(({ what, count }) => [String(what), Number(count)]));
}

export function totalRejects(rejects: Readonly<Record<string, number>>): number {
  return Object.values(rejects).reduce((sum, count) => sum + count, 0);
}

/** The first four reasons, for a sentence. */
function reasonsText(rejects: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(rejects).map(([reason, count]) => `${count} × ${reason}`);
  return reasons.slice(0, 4).join('; ');
}

interface FirstReject {
  readonly file: string;
  readonly row: number;
  /** What is wrong, in which field, and what the row or the cell begins with. */
  readonly fault: string;
}

async function firstReject(connection: DuckDBConnection): Promise<FirstReject | undefined> {
  const [first] = await rowsOf(
    connection,
    `SELECT "file", "row", ${reasonInField} AS reason, content FROM rejects ORDER BY "file", "row" LIMIT 1`,
  );
  if (!first) return undefined;
  const content = first.content === null ? '' : `, ${beginning(String(first.content))}`;
  return { file: String(first.file), row: Number(first.row), fault: `${String(first.reason)}${content}` };
}

/** Where the first rejected row is and what it holds, as a sentence. */
export async function firstRejectText(connection: DuckDBConnection): Promise<string> {
  const first = await firstReject(connection);
  return first ? `The first is row ${first.row} of ${first.file}: ${first.fault}.` : '';
}

export interface TooManyRejects {
  /** Rejected rows by reason. */
  readonly rejects: Readonly<Record<string, number>>;
  /** Rows read. */
  readonly rows: number;
  /** What follows from it, after a comma. */
  readonly outcome: string;
  /** The file that lists them. */
  readonly list: string;
}

/** The error of files of which more rows were rejected than `--max-rejects` allows. */
export async function tooManyRejects(
  connection: DuckDBConnection,
  { rejects, rows, outcome, list }: TooManyRejects,
): Promise<BoardwalkError> {
  return new BoardwalkError(
    'too_many_rejects',
    `${totalRejects(rejects)} of ${rows} rows were rejected (${reasonsText(rejects)}), ${outcome}. ` +
      `${await firstRejectText(connection)} They are listed in ${list}; mend the input, or raise --max-rejects.`,
    { file: list, field: 'max-rejects' },
  );
}

export async function writeRejects(connection: DuckDBConnection, path: string): Promise<void> {
  await connection.run(
    `COPY (SELECT * FROM rejects ORDER BY "file", "row") TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** Reads `--max-rejects`: a number of rows, or a share as `1%`; gives the rows allowed among `rows`. */
export function allowedRejects(limit: string, rows: number): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(limit.trim()) ?? [];
  if (digits === undefined || (!percent && digits.includes('.')) || (percent && Number(digits) > 100))
    throw new BoardwalkError(
      'bad_option',
      `--max-rejects is "${limit}". Give a number of rows, or a share such as 1%.`,
      {
        field: 'max-rejects',
      },
    );
  return percent ? Math.floor((Number(digits) / 100) * rows) : Number(digits);
}

/** What a line begins with, in quotes. */
function beginning(content: string): string {
  const [line] = content.split('\n');
  const shown = line.slice(0, 60);
  return JSON.stringify(shown) + (shown.length < content.length ? ' …' : '');
}

/**
 * For files that are read as a whole or not at all, after the first pass: throws `bad_file` of the first line that is no
 * row, or that `checks` refuse, with how many there are.
 */
export async function refuseRejects(
  connection: DuckDBConnection,
  source: SourceFile,
  checks: readonly Check[] = [],
): Promise<void> {
  await createRejects(connection);
  await rejectLines(connection, source);
  const all = [...(source.broken ? [{ ...source.broken, field: null }] : []), ...checks];
  if (all.length > 0) await rejectRows(connection, source, all);
  const first = await firstReject(connection);
  if (!first) return;
  const { row, fault } = first;
  const lines = await numberOf(connection, 'SELECT count(*) FROM rejects');
  throw new BoardwalkError(
    'bad_file',
    `${source.file} has ${lines === 1 ? 'a line' : `${lines} lines`} that cannot be read, the first in row ${row}: ` +
      `${fault}. Mend or remove it: what follows may be lost with it.`,
    { file: source.file, row },
  );
}
