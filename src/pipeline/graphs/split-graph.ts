import { join } from 'node:path';
import type { FolderKind } from '../../data/folder-kind.js';
import { writeTextParquet } from '../../data/parquet-rows.js';
import { writeWholeDirectory } from '../../data/whole-directory.js';
import { degree, edgeCount, type Graph } from '../../graph/graph.js';
import { holdGraph } from '../../graph/live/hold-graph.js';
import { withoutEdges } from '../../graph/memory-graph.js';
import { assertNoLeak, heldOutPairs } from '../../graph/split.js';
import { writeGraph, type WriteGraphOptions } from '../../graph/write.js';

/** The parts of a split directory. */
export const splitParts = { train: 'graph', test: 'test.parquet' } as const;

export const splitFolder: FolderKind = {
  what: 'a split',
  marker: { file: splitParts.test },
  names: [...Object.values(splitParts), `${splitParts.train}.delta`],
  hold: (target) => holdGraph(join(target, splitParts.train)),
};

/** What a split leaves and what it asks for. */
export interface SplitCounts {
  readonly trainEdges: number;
  readonly testEdges: number;
  readonly testBoards: number;
  /** Boards of the test that have no pin left to ask with. */
  readonly testBoardsWithoutPins: number;
  readonly testPins: number;
  /** Pins of the test that are on no board of the training graph. */
  readonly coldTestPins: number;
}

/**
 * Hides edges before anything is trained: writes the graph without those that `hidden` marks, in the order of
 * `boards.neighbours`, and them as a test file (`board_id`, `pin_id`). Throws `leak` should one be left in the graph.
 */
export async function splitGraph(
  graph: Graph,
  directory: string,
  hidden: Uint8Array,
  options: WriteGraphOptions = {},
): Promise<SplitCounts> {
  const { provenance = {}, ...written } = options;
  const pairs = heldOutPairs(graph, hidden);
  const train = withoutEdges(graph, hidden);
  assertNoLeak(train, pairs);
  await writeWholeDirectory(
    directory,
    splitFolder,
    async (temporary) => {
      await writeGraph(join(temporary, splitParts.train), train, { provenance });
      const rows = Array.from(pairs.boards, (board, i) => ({
        board_id: graph.boards.id(board),
        pin_id: graph.pins.id(pairs.pins[i]),
      }));
      await writeTextParquet(join(temporary, splitParts.test), ['board_id', 'pin_id'], rows);
    },
    written,
  );
  const boards = [...new Set(pairs.boards)];
  const pins = [...new Set(pairs.pins)];
  return {
    trainEdges: edgeCount(train),
    testEdges: pairs.boards.length,
    testBoards: boards.length,
    testBoardsWithoutPins: boards.filter((board) => degree(train.topology.boards, board) === 0).length,
    testPins: pins.length,
    coldTestPins: pins.filter((pin) => degree(train.topology.pins, pin) === 0).length,
  };
}
