import { type CandidateQuery, evenQuery } from '../candidates/candidate-source.js';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { GraphView } from '../graph/graph-view.js';
import { nodeIndex } from '../graph/node-index.js';
import type { RecommendationRequest } from './recommendation.js';

/** What a request asks for, in dense indices. */
export interface Interests {
  /** Each is answered on its own; never empty. */
  readonly queries: readonly CandidateQuery[];
  /** Pins that the asker has already: they are not recommended. */
  readonly known: ReadonlySet<number>;
  /** Named where nothing is known of the asker, so that the answer is the same for everyone. */
  readonly fallback: 'popular_pins' | null;
}

/** A person with more boards than this is answered for the largest ones. */
const mostBoards = 8;

/** The boards of each owner, found once: people are the owners of boards. */
export function boardsByOwner(graph: Graph): Map<string, number[]> {
  const owners = new Map<string, number[]>();
  if (!graph.boardAttributes.names.includes('owner')) return owners;
  for (let board = 0; board < graph.boards.size; board++) {
    const owner = graph.boardAttributes.get('owner', board);
    if (owner === null) continue;
    const boards = owners.get(owner);
    if (boards) boards.push(board);
    else owners.set(owner, [board]);
  }
  return owners;
}

/**
 * The pins and boards of a request make one query, for whoever names them together wants what fits all of
 * them. A person's boards are interests apart, one query each; of those in `owners`, who owned them once, the ones count
 * that are theirs still.
 * @throws BoardwalkError `unknown_pin`, `unknown_board`, or `bad_request` where nothing is asked for
 */
export function interestsOf(
  graph: GraphView,
  { pins = [], boards = [], user }: RecommendationRequest,
  owners: ReadonlyMap<string, readonly number[]>,
): Interests {
  if (pins.length === 0 && boards.length === 0 && user === undefined)
    throw new BoardwalkError('bad_request', 'Name at least one of pins, boards and user.', { field: 'pins' });
  const pinsOn = (board: number): Uint32Array => graph.neighbours('boards', board);
  const named = new Set(pins.map((id) => nodeIndex(graph, 'pins', id, 'pins')));
  for (const id of boards) for (const pin of pinsOn(nodeIndex(graph, 'boards', id, 'boards'))) named.add(pin);

  const known = new Set(named);
  const queries = named.size > 0 ? [evenQuery(Uint32Array.from(named).sort())] : [];
  const owned = ((user === undefined ? undefined : owners.get(user)) ?? [])
    .filter((board) => graph.boardAttributes.get('owner', board) === user)
    .map((board) => ({ board, saved: pinsOn(board) }));
  const largest = owned.toSorted((a, b) => b.saved.length - a.saved.length || a.board - b.board).slice(0, mostBoards);
  for (const { saved } of largest) if (saved.length > 0) queries.push(evenQuery(saved));
  for (const { saved } of owned) for (const pin of saved) known.add(pin);

  return queries.length > 0
    ? { queries, known, fallback: null }
    : { queries: [evenQuery(new Uint32Array(0))], known, fallback: 'popular_pins' };
}
