import { topologyFromEdges, rowOfEachEdge } from '../graph/adjacency.js';
import type { Topology } from '../graph/graph.js';
import { streamOf } from '../random.js';
import { nodeNeighbourhoods, type NodeWalkOptions } from '../sampling/board-neighbourhoods.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import { besideEachOther } from '../sampling/relation-neighbourhoods.js';
import { walkPool } from '../sampling/pool.js';
import { stopIfAborted } from './stop-if-aborted.js';

/**
 * Boards are dealt into folds, and pairs of a fold's boards are trained over neighbourhoods walked without
 * those boards: else a pair's own board would link its pins, and the model would learn to read off a link
 * that is never there for a pin yet to be saved.
 */
export function foldOf(board: number, folds: number, seed: number): number {
  return streamOf(seed, foldStream, board) % folds;
}

const foldStream = 0x666f;

function withoutFold({ pins, boards }: Topology, fold: number, folds: number, seed: number): Topology {
  const rows = rowOfEachEdge(boards);
  const kept = (_: number, edge: number): boolean => foldOf(rows[edge], folds, seed) !== fold;
  const edges = { boards: rows.filter(kept), pins: boards.neighbours.filter(kept) };
  return topologyFromEdges(edges, pins.offsets.length - 1, boards.offsets.length - 1);
}

export interface FoldWalks {
  readonly folds: number;
  readonly walks: readonly NodeWalkOptions[];
  /** Neighbourhoods in the graph's relations. */
  readonly related: readonly Neighbourhoods[];
  readonly threads: number | undefined;
  readonly signal?: AbortSignal;
}

/**
 * For each fold and each of the walks, the neighbourhoods of all pins over the boards of the other folds, beside those
 * in the graph's relations: no board of a pair is in them.
 */
export async function foldNeighbourhoods(
  topology: Topology,
  { folds, walks, related, threads, signal }: FoldWalks,
): Promise<Neighbourhoods[][]> {
  const neighbourhoods: Neighbourhoods[][] = [];
  for (let fold = 0; fold < folds; fold++) {
    stopIfAborted(signal);
    const walked = folds > 1 ? withoutFold(topology, fold, folds, walks[0].seed) : topology;
    const pool = walkPool(walked, { threads });
    try {
      const each: Neighbourhoods[] = [];
      for (const walk of walks) each.push(besideEachOther(await nodeNeighbourhoods(pool, walk), related));
      neighbourhoods.push(each);
    } finally {
      await pool.close();
    }
  }
  return neighbourhoods;
}

/** Takes from each source in turn until all are empty, and says which it took from. */
export async function* inTurn<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<{ item: T; source: number }> {
  const open = sources.map((each, source) => ({ source, iterator: each[Symbol.asyncIterator]() }));
  while (open.length > 0)
    for (const each of open.slice()) {
      const { value: item, done } = await each.iterator.next();
      if (done) open.splice(open.indexOf(each), 1);
      else yield { item, source: each.source };
    }
}
