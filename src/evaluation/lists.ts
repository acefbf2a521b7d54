import { queriesAtOnce } from '../candidates/candidate-source.js';
import { literal, withDatabase } from '../data/database.js';
import { formatOf, type SourceFormat } from '../data/source-format.js';
import { writeWholeFile } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';
import { type Graph, neighboursOf } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import { fullRanking, type Method } from './method.js';

export interface ListOptions {
  /** Pins for each board. */
  limit: number;
  progress: Progress;
}

export const listDefaults: ListOptions = { limit: 100, progress: silentProgress };

/** How DuckDB writes each format. */
const writers: Partial<Record<SourceFormat, string>> = {
  csv: `FORMAT csv, HEADER true, DELIMITER ','`,
  tsv: `FORMAT csv, HEADER true, DELIMITER '\t'`,
  jsonl: 'FORMAT json',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
};

/** How lists are written to a file of this name; throws `bad_option` where they cannot be. */
export function writerOf(path: string): string {
  const writer = writers[formatOf(path)];
  if (writer !== undefined) return writer;
  throw new BoardwalkError('bad_option', `Lists are written as .csv, .tsv, .jsonl or .parquet, not as ${path}.`, {
    file: path,
  });
}

/**
 * Writes `board_id, rank, pin_id, score` for each board id, rank from 1, in the format that the name of
 * `path` ends in. The lists are those that `evaluate` judges: a board's own pins are left out, the whole
 * catalogue is ranked, and a board that the graph lacks gets popular pins. Returns how many boards did.
 */
export async function writeLists(
  path: string,
  graph: Graph,
  method: Method,
  boardIds: readonly string[],
  options: Partial<ListOptions> = {},
): Promise<{ boards: number; fallbacks: number }> {
  const { limit, progress } = withDefaults(listDefaults, options);
  const writer = writerOf(path);
  const compression = path.toLowerCase().endsWith('.gz') ? ', COMPRESSION gzip' : '';
  const rank = fullRanking(method, graph.topology);
  const stage = progress.stage(`lists by ${method.name}`, boardIds.length);
  let fallbacks = 0;
  await withDatabase({ threads: 1 }, async (connection) => {
    await connection.run('CREATE TABLE lists (board_id VARCHAR, rank INTEGER, pin_id VARCHAR, score DOUBLE)');
    const appender = await connection.createAppender('lists');
    for (let from = 0; from < boardIds.length; from += queriesAtOnce) {
      const ids = boardIds.slice(from, from + queriesAtOnce);
      const queries = ids.map((id) => {
        const board = graph.boards.indexOf(id);
        return board < 0 ? new Uint32Array(0) : neighboursOf(graph.topology.boards, board);
      });
      fallbacks += queries.filter((pins) => pins.length === 0).length;
      rank(queries, limit).forEach(({ pins, scores }, i) => {
        pins.forEach((pin, place) => {
          appender.appendVarchar(ids[i]);
          appender.appendInteger(place + 1);
          appender.appendVarchar(graph.pins.id(pin));
          appender.appendDouble(scores[place]);
          appender.endRow();
        });
      });
      stage.update(from + ids.length);
    }
    appender.closeSync();
    await writeWholeFile(path, (temporary) =>
      connection.run(`COPY lists TO ${literal(temporary)} (${writer}${compression})`),
    );
  });
  stage.finish();
  return { boards: boardIds.length, fallbacks };
}
