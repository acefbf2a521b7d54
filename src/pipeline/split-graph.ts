import { join } from 'node:path';
import { writeTextParquet } from '../data/parquet-rows.js';
import type { Graph } from '../graph/graph.js';
import { withoutEdges } from '../graph/memory-graph.js';
import { assertNoLeak, heldOutPairs, holdOutEdges, type HoldOutOptions } from '../graph/split.js';
import { writeGraph } from '../graph/write.js';
import { writeWholeDirectory } from '../data/whole-directory.js';

/** The parts of a split directory. */
export const splitParts = { train: 'graph', test: 'test.parquet' } as const;

/**
 * Hides edges before anything is trained: writes the graph without them and the hidden edges as a test file
 * (`board_id`, `pin_id`). Throws `leak` should a hidden edge be left in the graph.
 */
export async function splitGraph(
  graph: Graph,
  directory: string,
  options: Partial<HoldOutOptions>,
): Promise<{ train: number; test: number }> {
  const hidden = holdOutEdges(graph, options);
  const pairs = heldOutPairs(graph, hidden);
  const train = withoutEdges(graph, hidden);
  assertNoLeak(train, pairs);
  await writeWholeDirectory(
    directory,
    async (temporary) => {
      await writeGraph(join(temporary, splitParts.train), train);
      const rows = Array.from(pairs.boards, (board, i) => ({
        board_id: graph.boards.id(board),
        pin_id: graph.pins.id(pairs.pins[i]),
      }));
      await writeTextParquet(join(temporary, splitParts.test), ['board_id', 'pin_id'], rows);
    },
    { force: true },
  );
  return { train: train.topology.boards.neighbours.length, test: pairs.boards.length };
}
