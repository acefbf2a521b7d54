import { openSource } from '../candidates/fitted-source.js';
import { missingId } from '../data/checks.js';
import { withDatabase } from '../data/database.js';
import { wholeText } from '../data/duckdb-columns.js';
import { refuseRejects } from '../data/rejects.js';
import { openSource as openFile, readError } from '../data/source-file.js';
import { refuseUnwritable } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { openGraph } from '../graph/open.js';
import { type Progress, silentProgress } from '../progress.js';
import { type OpenedRecommender, openRecommender } from '../registry/open-recommender.js';
import { writeLists, writerOf } from './lists.js';
import { recommenderMethod } from './measure.js';
import { type Method, methodOf } from './method.js';
import { fitMethods, parseMethods } from './methods.js';

export interface BatchListsOptions {
  graphDirectory: string;
  /** Needed by `recommender` and `pinsage`; the other methods take its fitted sources where there is one. */
  modelDirectory?: string;
  /** File with a column `board_id`; a board that it names twice gets one list. */
  boards: string;
  method: string;
  /** Pins for each board. */
  limit: number;
  /** `.csv`, `.tsv`, `.jsonl` or `.parquet`. */
  out: string;
  progress?: Progress;
}

/**
 * Lists of one method for many boards, as `board_id, rank, pin_id, score`. Those of the recommender begin as served
 * and go on with what lies deeper in its sources' lists.
 */
export async function batchLists(options: BatchListsOptions): Promise<{ boards: number; fallbacks: number }> {
  const { graphDirectory, modelDirectory, boards, limit, out, progress = silentProgress } = options;
  writerOf(out);
  await refuseUnwritable(out, 'out', [boards, graphDirectory, modelDirectory]);
  const ids = await boardIds(boards);
  const opened = modelDirectory === undefined ? undefined : await openRecommender(graphDirectory, modelDirectory);
  const graph = opened?.graph ?? (await openGraph(graphDirectory));
  return writeLists(out, graph, await openMethod(options.method, graph, opened, progress), ids, { limit, progress });
}

async function openMethod(
  text: string,
  graph: Graph,
  opened: OpenedRecommender | undefined,
  progress: Progress,
): Promise<Method> {
  const methods = parseMethods(text);
  const { names, fitted, skipped } = await fitMethods(graph, methods, {
    model: opened !== undefined,
    progress,
    fitted: opened?.model.sources,
  });
  const [name] = names;
  if (methods.length !== 1 || name === undefined)
    throw new BoardwalkError('bad_option', `--method ${text} cannot run: ${skipped[text] ?? 'name one method'}.`, {
      field: 'method',
    });
  if (name === 'recommender' && opened) {
    const { recommender } = opened;
    return { ...recommenderMethod(recommender), rank: (query, depth) => recommender.listForQuery(query, depth) };
  }
  const context = { topology: graph.topology, table: opened?.model.table };
  return methodOf(openSource(fitted[0], context));
}

function boardIds(path: string): Promise<string[]> {
  return withDatabase({}, async (connection) => {
    const source = await openFile(connection, path, 'boards');
    if (!source.columns.includes('board_id'))
      throw new BoardwalkError('bad_file', `${path} has the columns ${source.columns.join(', ')}; expected board_id.`, {
        file: path,
        field: 'board_id',
      });
    const board = source.text('board_id');
    try {
      const result = await connection.runAndReadAll(
        `SELECT ${wholeText(board)} FROM ${source.scan('first')} WHERE ${source.rows}`,
      );
      const [ids] = result.getColumns() as [string[]];
      const named = (ids ?? []).filter(Boolean);
      // In a file of ids alone, a blank line lacks nothing.
      const isWhole = source.columns.length === 1 || named.length === (ids?.length ?? 0);
      await refuseRejects(connection, source, isWhole ? [] : [missingId('board_id', board)]);
      return [...new Set(named)];
    } catch (error) {
      throw readError(path, error);
    }
  });
}
