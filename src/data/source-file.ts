import type { DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { BoardwalkError } from '../errors.js';
import { loadArrow } from './arrow-source.js';
import { milliseconds, typedMilliseconds } from './checks.js';
import { identifier, isOutOfMemory, literal, pathLiteral, rowsOf } from './database.js';
import { isFullDisk } from './full-disk.js';
import { headerOf } from './header-line.js';
import { formatOf, isGzipped, type SourceFormat } from './source-format.js';
import { refuseBrokenGzip } from './whole-gzip.js';

/** A file as the database sees it: where to select from, and how each column reads as text or as a vector. */
export interface SourceFile {
  readonly file: string;
  readonly format: SourceFormat;
  /** Column names as the file has them. */
  readonly columns: readonly string[];
  /** Columns whose cells are lists of numbers; of JSON, where any list may hold anything, those whose lists mostly are. */
  readonly vectors: readonly string[];
  /** What stands after FROM. */
  readonly scan: (pass: Pass) => string;
  /** The table that the first pass fills with lines that are no rows; absent where every row can be read. */
  readonly rejects?: string;
  /** Whether the file's first record is a header, which counts as row 1. */
  readonly hasHeader: boolean;
  /** Whether reading the file again costs less than keeping what was read. */
  readonly cheap: boolean;
  text(column: string): string;
  /** Milliseconds since 1970; null where the cell is no time. Where they are told of, years may stand for times. */
  time(column: string, years?: boolean): string;
  /** An expression of type `FLOAT`; null where the cell is no number. */
  number(column: string): string;
  /** An expression of type `FLOAT[]`, null where the cell is no list. */
  vector(column: string): string;
  /** A condition that holds for a row that is no record; then `content` says what it is. */
  readonly broken?: { condition: string; reason: string; content: string };
  /** A condition that holds for rows worth reading. */
  readonly rows: string;
}

/** JSON holds no raw control character, so this one splits no line of it. */
const noDelimiter = '\u0001';

/** Every reading of a text file logs what it cannot split into tables of its own. */
export type Pass = 'first' | 'second' | 'sample';

function textScan(file: string, options: Record<string, string>, name: string): (pass: Pass) => string {
  const compression = isGzipped(file) ? 'gzip' : 'none';
  const all = { auto_detect: 'false', encoding: "'utf-8'", compression: literal(compression), ...options };
  const settings = Object.entries(all).map(([setting, value]) => `${setting} = ${value}`);
  // With ignore_errors alone, the reader silently drops all that follows a misplaced quote.
  return (pass) =>
    `read_csv(${pathLiteral(file)}, ${settings.join(', ')}, ignore_errors = true, store_rejects = true,
     rejects_table = ${literal(`${name}_${pass}`)}, rejects_scan = ${literal(`${name}_${pass}_scan`)})`;
}

/** How cells that are known as text alone read as times and numbers. */
function fromText(text: (column: string) => string): Pick<SourceFile, 'text' | 'time' | 'number' | 'cheap'> {
  return {
    cheap: false,
    text,
    time: (column, years = false) => milliseconds(text(column), years),
    number: (column) => `try_cast(${text(column)} AS FLOAT)`,
  };
}

async function openDelimited(file: string, format: 'csv' | 'tsv', name: string): Promise<SourceFile> {
  const { columns, delimiter, quoted } = await headerOf(file, format);
  // The database wants a name for every column; what nobody named is read by none.
  const types = columns.map((column, place) => `${literal(column || `\u0001${place}`)}: 'VARCHAR'`).join(', ');
  const quote = literal(quoted ? '"' : '');
  const marks = { delim: literal(delimiter), quote, escape: quote };
  return {
    file,
    format,
    columns: columns.filter((column) => column !== ''),
    vectors: [],
    scan: textScan(file, { header: 'true', ...marks, columns: `{${types}}` }, name),
    rejects: `${name}_first`,
    hasHeader: true,
    ...fromText(identifier),
    vector: (column) => `try_cast(${identifier(column)} AS FLOAT[])`,
    rows: 'true',
  };
}

/** Holds for keys that a JSON path can name. */
const hasPath = `key NOT IN ('', '*') AND NOT regexp_matches(key, '["\\\\]')`;

/** The JSON path of a top-level key. */
function at(column: string): string {
  return literal(`$."${column}"`);
}

const numeric = /^(FLOAT|DOUBLE|U?(TINY|SMALL|BIG)?INT(EGER)?)$/;

function isVector(type: unknown): boolean {
  return /^(FLOAT|DOUBLE|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*)\[\d*\]$/.test(String(type));
}

async function openJsonLines(connection: DuckDBConnection, file: string, name: string): Promise<SourceFile> {
  const marks = {
    header: 'false',
    delim: literal(noDelimiter),
    quote: "''",
    escape: "''",
    columns: "{'line': 'VARCHAR'}",
  };
  const lines = textScan(file, marks, name);
  // The arrow operators fail on broken JSON, and a condition beside them would not hold them back.
  const scan = (pass: Pass): string =>
    `(SELECT line, CASE WHEN json_valid(line) THEN line END AS document FROM ${lines(pass)})`;
  const isObject = "coalesce(json_type(document), '') = 'OBJECT'";
  // Of all lines, for a key may be in the last ones alone. A document's structure is read once and is short, so that
  // asking it for each key costs little; of a list it tells the type that all cells have.
  const keys = await rowsOf(
    connection,
    `SELECT key, 2 * count(*) FILTER (cells IN ('DOUBLE', 'BIGINT', 'UBIGINT')) > count(nullif(cells, 'NULL')) AS vector
     FROM (SELECT key, structure ->> ('$."' || key || '"[0]') AS cells FROM
       (SELECT structure, unnest(json_keys(structure)) AS key FROM
         (SELECT json_structure(document) AS structure FROM ${scan('sample')} WHERE ${isObject}))
       WHERE ${hasPath})
     GROUP BY key ORDER BY key`,
  );
  return {
    file,
    format: 'jsonl',
    columns: keys.map(({ key }) => String(key)),
    vectors: keys.filter(({ vector }) => vector === true).map(({ key }) => String(key)),
    scan,
    rejects: `${name}_first`,
    hasHeader: false,
    ...fromText((column) => `(document ->> ${at(column)})`),
    vector: (column) => `try_cast((document::JSON -> ${at(column)}) AS FLOAT[])`,
    broken: { condition: `NOT (${isObject})`, reason: 'broken JSON', content: 'line' },
    rows: "trim(coalesce(line, '')) <> ''",
  };
}

/** Whole numbers are written without a point in columns of fractions too: their ids are those of a column of integers. */
function typedText(cell: string, type: string): string {
  if (!/^(FLOAT|DOUBLE)$/.test(type)) return `(${cell}::VARCHAR)`;
  return `(CASE WHEN ${cell} = trunc(${cell}) AND abs(${cell}) < 1e18 THEN try_cast(${cell} AS BIGINT)::VARCHAR
    ELSE ${cell}::VARCHAR END)`;
}

async function openTyped(
  connection: DuckDBConnection,
  file: string,
  format: SourceFormat,
  scan: string,
): Promise<SourceFile> {
  const described = await rowsOf(connection, `DESCRIBE SELECT * FROM ${scan}`);
  const types = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
  const plain = fromText((column) => typedText(identifier(column), types.get(column) ?? ''));
  return {
    file,
    format,
    columns: described.map((row) => String(row.column_name)),
    vectors: described.filter((row) => isVector(row.column_type)).map((row) => String(row.column_name)),
    scan: () => scan,
    hasHeader: false,
    ...plain,
    cheap: true,
    time: (column, years = false) =>
      typedMilliseconds(identifier(column), types.get(column) ?? '', years) ?? plain.time(column, years),
    number: (column) =>
      numeric.test(types.get(column) ?? '') ? `try_cast(${identifier(column)} AS FLOAT)` : plain.number(column),
    vector: (column) => `try_cast(${identifier(column)} AS FLOAT[])`,
    rows: 'true',
  };
}

/** Opens a file of any known format. `name` is unique within the connection: tables are named after it. */
export async function openSource(connection: DuckDBConnection, file: string, name: string): Promise<SourceFile> {
  const format = formatOf(file);
  if (!existsSync(file)) throw new BoardwalkError('not_found', `${file} does not exist. Check the path.`, { file });
  if (isGzipped(file)) await refuseBrokenGzip(file);
  try {
    if (format === 'csv' || format === 'tsv') return await openDelimited(file, format, name);
    if (format === 'jsonl') return await openJsonLines(connection, file, name);
    if (format === 'arrow')
      return await openTyped(connection, file, format, await loadArrow(connection, file, `${name}_arrow`));
    return await openTyped(connection, file, format, `read_parquet(${pathLiteral(file)}, binary_as_string = true)`);
  } catch (error) {
    throw readError(file, error);
  }
}

/** Turns what the database says about a file into an error that names it. */
export function readError(file: string, cause: unknown): unknown {
  if (cause instanceof BoardwalkError || isFullDisk(cause) || isOutOfMemory(cause)) return cause;
  const message = (cause as Error).message;
  if (message.includes('state machine reached an invalid state'))
    return new BoardwalkError(
      'bad_file',
      `${file} mixes line ends (LF and CRLF). Convert it to one of them.`,
      { file },
      { cause },
    );
  return new BoardwalkError('bad_file', `${file} cannot be read: ${message.split('\n')[0]}`, { file }, { cause });
}
