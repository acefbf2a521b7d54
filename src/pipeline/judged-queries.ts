import { evenQuery } from '../candidates/candidate-source.js';
import type { EdgeList } from '../graph/adjacency.js';
import { type Graph, neighboursOf } from '../graph/graph.js';
import { random, shuffle } from '../random.js';
import type { JudgedQuery } from '../ranking/examples.js';

const boardStream = 0x6a75;

/**
 * Boards as queries whose hidden pins are known, at most `limit` of them, in an order that the seed decides.
 * Boards of which nothing is visible cannot ask and are left out.
 */
export function judgedQueries(graph: Graph, hidden: EdgeList, limit: number, seed: number): JudgedQuery[] {
  const saved = new Map<number, Set<number>>();
  hidden.boards.forEach((board, i) => {
    const pins = saved.get(board);
    if (pins) pins.add(hidden.pins[i]);
    else saved.set(board, new Set([hidden.pins[i]]));
  });
  const boards = Uint32Array.from(saved.keys()).filter(
    (board) => neighboursOf(graph.topology.boards, board).length > 0,
  );
  shuffle(boards, random(boardStream, seed));
  return Array.from(boards.subarray(0, limit), (board) => ({
    board,
    query: evenQuery(neighboursOf(graph.topology.boards, board)),
    saved: saved.get(board) as Set<number>,
  }));
}
