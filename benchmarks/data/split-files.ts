import { join } from 'node:path';
import { writeTsv } from './text-file.js';

/** A person and what they took: a board and a pin of it. */
export type Pair = readonly [board: string, pin: string];

/**
 * Writes `edges.tsv` and `test.tsv`. What training never saw cannot be asked for, and what it saw is no test: such
 * pairs are left out of the test.
 */
export async function writeSplit(
  out: string,
  known: readonly Pair[],
  test: readonly Pair[],
): Promise<Record<string, number>> {
  const edges = new Map(known.map((pair) => [pair.join('\t'), pair]));
  const boards = new Set(known.map(([board]) => board));
  const pins = new Set(known.map(([, pin]) => pin));
  const asked = new Map(test.map((pair) => [pair.join('\t'), pair]));
  const judged = [...asked].filter(([key, [board, pin]]) => boards.has(board) && pins.has(pin) && !edges.has(key));
  const columns = ['board_id', 'pin_id'];
  return {
    'edges.tsv': await writeTsv(join(out, 'edges.tsv'), columns, edges.values()),
    'test.tsv': await writeTsv(
      join(out, 'test.tsv'),
      columns,
      judged.map(([, pair]) => pair),
    ),
  };
}
