import { withDatabase } from '../data/database.js';
import { wholeText } from '../data/duckdb-columns.js';
import { missingId } from '../data/checks.js';
import { refuseRejects } from '../data/rejects.js';
import { openSource, readError } from '../data/source-file.js';
import { BoardwalkError } from '../errors.js';
import { grouped } from '../grouped.js';

/** Test pairs as the file has them. `from` is a board, a user or a query pin, by the task. */
export interface TestPairs {
  readonly from: readonly string[];
  readonly pins: readonly string[];
  /** The boards that they were drawn from, where several come from one. */
  readonly drawnFrom?: readonly string[];
}

/**
 * Reads the distinct pairs of a test file in the file's order. The first column is the first of `columns`
 * that the file has, the other is always `pin_id`. Throws `bad_file` where a line cannot be read or lacks either, for a
 * test that is read in part is another.
 */
export async function readTestPairs(
  path: string,
  columns: readonly string[],
): Promise<TestPairs & { readonly column: string }> {
  return withDatabase({}, async (connection) => {
    const source = await openSource(connection, path, 'test');
    const column = columns.find((name) => source.columns.includes(name));
    if (!column || !source.columns.includes('pin_id'))
      throw new BoardwalkError(
        'bad_file',
        `${path} has the columns ${source.columns.join(', ')}; expected ${columns.join(' or ')}, and pin_id. ${mendOf(source.columns, columns)}`,
        { file: path, field: column ? 'pin_id' : columns[0] },
      );
    const [from, pin] = [source.text(column), source.text('pin_id')];
    try {
      const result = await connection.runAndReadAll(
        `SELECT ${wholeText(from)}, ${wholeText(pin)} FROM ${source.scan('first')} WHERE ${source.rows}`,
      );
      const [ids, pins] = result.getColumns() as [string[], string[]];
      // Finding a row's number takes another reading of the file.
      const isWhole = [ids, pins].every((cells) => cells?.every(Boolean) ?? true);
      await refuseRejects(connection, source, isWhole ? [] : [missingId(column, from), missingId('pin_id', pin)]);
      return { column, ...distinct(ids ?? [], pins ?? []) };
    } catch (error) {
      throw readError(path, error);
    }
  });
}

/** What to do about columns that are not the task's. Boards under the name of people would be strangers to the graph. */
function mendOf(found: readonly string[], wanted: readonly string[]): string {
  return wanted.includes('user_id') && found.includes('board_id')
    ? "Boards are no people: write each board's owner, by the name that --boards gave the graph, into a column user_id, or choose --task board."
    : 'Rename them, or choose another --task.';
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
  return grouped(from, pins);
}
