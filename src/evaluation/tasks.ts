import { crc32 } from 'node:zlib';
import { boardsByOwner } from '../blending/interests.js';
import { type Graph, neighboursOf } from '../graph/graph.js';
import { assertNoLeak } from '../graph/split.js';
import { random } from '../random.js';
import { withDefaults } from '../with-defaults.js';
import type { Case } from './cases.js';
import { groupPairs, type TestPairs } from './test-pairs.js';

export const taskNames = ['board', 'related', 'user'] as const;

export type TaskName = (typeof taskNames)[number];

/** What is asked, and what the figures are means over. */
export interface Task {
  readonly name: TaskName;
  readonly cases: readonly Case[];
  readonly split: Readonly<Record<string, number>>;
  /** Where its pairs were read from, if from a file: messages name it. */
  readonly file?: string;
}

/** Test pins in dense indices, with those outside the catalogue counted. */
function resolve(graph: Graph, pins: readonly string[]): { known: Uint32Array; missing: number } {
  const known = Uint32Array.from(pins.map((id) => graph.pins.indexOf(id)).filter((pin) => pin >= 0));
  return { known, missing: pins.length - known.length };
}

function counts(graph: Graph, pairs: TestPairs): Record<string, number> {
  return {
    pins: graph.pins.size,
    known_edges: graph.topology.boards.neighbours.length,
    test_pairs: pairs.from.length,
    test_pins_outside_catalogue: resolve(graph, pairs.pins).missing,
  };
}

/**
 * Board completion: what else belongs on a board? Its pins in the graph are known. A board that the graph
 * lacks has none and gets the fallback. Throws `leak` where a test pair is an edge of the graph.
 */
export function boardTask(graph: Graph, pairs: TestPairs): Task {
  assertUnseen(graph, pairs);
  let absent = 0;
  const cases = [...groupPairs(pairs)].map(([id, pins]): Case => {
    const board = graph.boards.indexOf(id);
    if (board < 0) absent++;
    const query = board < 0 ? new Uint32Array(0) : neighboursOf(graph.topology.boards, board);
    return { query, relevant: resolve(graph, pins).known, relevantCount: pins.length };
  });
  return {
    name: 'board',
    cases,
    split: { test_boards: cases.length, test_boards_outside_graph: absent, ...counts(graph, pairs) },
  };
}

/** Throws `leak` where a pair of board and test pin is an edge of the graph. */
export function assertUnseen(graph: Graph, { from, pins }: TestPairs): void {
  const dense = from.map((id, i) => [graph.boards.indexOf(id), graph.pins.indexOf(pins[i])]);
  const known = dense.filter(([board, pin]) => board >= 0 && pin >= 0);
  assertNoLeak(graph, {
    boards: Uint32Array.from(known, ([board]) => board),
    pins: Uint32Array.from(known, ([, pin]) => pin),
  });
}

/**
 * Homefeed: what will a person save next? Known are the pins of all boards that they own. Test pins among them are counted
 * and no longer sought, for no list shows what a person has; people of whom none is left are not asked.
 */
export function userTask(graph: Graph, pairs: TestPairs): Task {
  const owners = boardsByOwner(graph);
  const groups = [...groupPairs(pairs)];
  let absent = 0;
  let saved = 0;
  const cases = groups.flatMap(([id, pins]): Case[] => {
    const boards = owners.get(id) ?? [];
    if (boards.length === 0) absent++;
    const owned = new Set<number>();
    for (const board of boards) for (const pin of neighboursOf(graph.topology.boards, board)) owned.add(pin);
    const { known, missing } = resolve(graph, pins);
    const relevant = known.filter((pin) => !owned.has(pin));
    saved += known.length - relevant.length;
    const relevantCount = relevant.length + missing;
    return relevantCount > 0 ? [{ query: Uint32Array.from(owned).sort(), relevant, relevantCount }] : [];
  });
  return {
    name: 'user',
    cases,
    split: {
      test_users: groups.length,
      test_users_outside_graph: absent,
      ...counts(graph, pairs),
      test_pins_already_saved: saved,
    },
  };
}

/**
 * Related pins: given one pin of a pair, where does the other rank? Each pair is a case; those drawn from one board, or
 * else those that ask for one pin, are of one cluster.
 */
export function relatedTask(graph: Graph, pairs: TestPairs): Task {
  let absent = 0;
  const clusters = pairs.drawnFrom ?? pairs.from;
  const cases = pairs.from.map((id, i): Case => {
    const pin = graph.pins.indexOf(id);
    if (pin < 0) absent++;
    const query = pin < 0 ? new Uint32Array(0) : Uint32Array.of(pin);
    return { query, relevant: resolve(graph, [pairs.pins[i]]).known, relevantCount: 1, cluster: clusters[i] };
  });
  return { name: 'related', cases, split: { query_pins_outside_graph: absent, ...counts(graph, pairs) } };
}

export interface DrawPairsOptions {
  /** Ordered pairs drawn from one board, so that large boards do not stand for all. */
  pairsPerBoard: number;
  seed: number;
}

export const drawPairsDefaults: DrawPairsOptions = { pairsPerBoard: 10, seed: 1 };

/**
 * Query and positive drawn from the pins that a held-out board holds together. A board's draw is its own, whatever the
 * order of the file.
 */
export function drawPairs(boards: TestPairs, options: Partial<DrawPairsOptions> = {}): TestPairs {
  const { pairsPerBoard, seed } = withDefaults(drawPairsDefaults, options);
  const from: string[] = [];
  const pins: string[] = [];
  const drawnFrom: string[] = [];
  for (const [board, listed] of groupPairs(boards)) {
    const held = listed.toSorted();
    const stream = random(seed, crc32(board));
    const possible = held.length * (held.length - 1);
    const drawn = new Set<number>();
    while (drawn.size < Math.min(pairsPerBoard, possible)) drawn.add(stream.below(possible));
    for (const pair of drawn) {
      const first = Math.floor(pair / (held.length - 1));
      const second = pair % (held.length - 1);
      drawnFrom.push(board);
      from.push(held[first]);
      pins.push(held[second < first ? second : second + 1]);
    }
  }
  return { from, pins, drawnFrom };
}
