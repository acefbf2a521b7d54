import { evenQuery } from '../candidates/candidate-source.js';
import { BoardwalkError } from '../errors.js';
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

/** Validation boards, parted so that no figure comes from boards that something was fitted to. */
export interface JudgedParts {
  /** For the settings of sources and the weights of the ranker. */
  readonly fit: readonly JudgedQuery[];
  readonly calibrate: readonly JudgedQuery[];
  readonly report: readonly JudgedQuery[];
}

const leastBoards = 10;
/** Boards for calibrating, and again for reporting: a sixth each, at most this many. */
const mostApart = 1_000;

/** @throws BoardwalkError `bad_request` where there are too few boards to learn from */
export function partJudged(judged: readonly JudgedQuery[]): JudgedParts {
  if (judged.length < leastBoards)
    throw new BoardwalkError(
      'bad_request',
      `Only ${judged.length} boards are large enough to hide pins of; Pinnability needs ${leastBoards} to be fitted. Add boards, or lower validation.minimumPins in the spec.`,
    );
  const apart = Math.max(3, Math.min(mostApart, Math.floor(judged.length / 6)));
  return {
    report: judged.slice(0, apart),
    calibrate: judged.slice(apart, 2 * apart),
    fit: judged.slice(2 * apart),
  };
}
