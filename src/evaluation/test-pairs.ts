import { DuckDBInstance } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { BoardwalkError } from '../errors.js';

/** Test pairs as the file has them. `from` is a board, a user or a query pin, by the task. */
export interface TestPairs {
  readonly from: readonly string[];
  readonly pins: readonly string[];
}

const readers: readonly [RegExp, string][] = [
  [/\.csv(\.gz)?$/i, `read_csv($path, header = true, all_varchar = true, delim = ',')`],
  [/\.tsv(\.gz)?$/i, `read_csv($path, header = true, all_varchar = true, delim = '\t')`],
  [/\.(jsonl|ndjson)(\.gz)?$/i, `read_json($path, format = 'newline_delimited')`],
  [/\.parquet$/i, `read_parquet($path)`],
];

/**
 * Reads the distinct pairs of a test file (CSV, TSV, JSONL, Parquet) in the file's order. `column` is the
 * first of the listed names that the file has, the other is always `pin_id`.
 */
export async function readTestPairs(
  path: string,
  columns: readonly string[],
): Promise<TestPairs & { readonly column: string }> {
  if (!existsSync(path)) throw new BoardwalkError('bad_file', `There is no file ${path}.`, { file: path });
  const reader = readers.find(([pattern]) => pattern.test(path))?.[1];
  if (!reader)
    throw new BoardwalkError('bad_file', `${path} is none of .csv, .tsv (plain or .gz), .jsonl and .parquet.`, {
      file: path,
    });
  const source = reader.replace('$path', `'${path.replaceAll("'", "''")}'`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const present = (await connection.runAndReadAll(`SELECT * FROM ${source} LIMIT 0`)).columnNames();
    const column = columns.find((name) => present.includes(name));
    if (!column || !present.includes('pin_id'))
      throw new BoardwalkError(
        'bad_file',
        `${path} has the columns ${present.join(', ')}; expected ${columns.join(' or ')}, and pin_id.`,
        { file: path, field: column ? 'pin_id' : columns[0] },
      );
    const result = await connection.runAndReadAll(
      `SELECT CAST("${column}" AS VARCHAR), CAST(pin_id AS VARCHAR) FROM ${source}
       WHERE "${column}" IS NOT NULL AND pin_id IS NOT NULL`,
    );
    const [from, pins] = result.getColumns() as [string[], string[]];
    return { column, ...distinct(from ?? [], pins ?? []) };
  } catch (cause) {
    if (cause instanceof BoardwalkError) throw cause;
    throw new BoardwalkError(
      'bad_file',
      `${path} cannot be read: ${(cause as Error).message}`,
      { file: path },
      { cause },
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function distinct(from: readonly string[], pins: readonly string[]): TestPairs {
  const seen = new Set<string>();
  const kept = from.map((id, i) => {
    const key = JSON.stringify([id, pins[i]]);
    return seen.size < seen.add(key).size;
  });
  return { from: from.filter((_, i) => kept[i]), pins: pins.filter((_, i) => kept[i]) };
}

/** The pins of each first id, in order of first appearance. */
export function groupPairs({ from, pins }: TestPairs): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  from.forEach((id, i) => {
    const group = groups.get(id);
    if (group) group.push(pins[i]);
    else groups.set(id, [pins[i]]);
  });
  return groups;
}
