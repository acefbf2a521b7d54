import type { Adjacency, Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { streamOf } from '../random.js';
import { allNeighbourhoods } from './importance-neighbourhoods.js';
import type { ImportancePoolingOptions, Neighbourhoods } from './kernel.js';
import type { WalkPool } from './pool.js';
import { sharedNeighbourhoods } from './shared-arrays.js';

export interface NodeWalkOptions extends ImportancePoolingOptions {
  /** B, the boards kept for each pin beside its T pins; 0 keeps none. */
  boardNeighbours: number;
}

/** The importance neighbourhoods of every pin of the pool's graph, with the boards that its walks visit if asked for. */
export async function nodeNeighbourhoods(
  pool: WalkPool,
  { boardNeighbours, ...walks }: NodeWalkOptions,
  progress: Progress = silentProgress,
): Promise<Neighbourhoods> {
  const pins = await allNeighbourhoods(pool, walks, progress);
  if (boardNeighbours === 0) return pins;
  return { ...pins, boards: boardNeighbourhoods(pool.topology, pins, boardNeighbours, walks.restart) };
}

/** Boards looked at for one pin: of pins on more, each board has so small a share that some stand for all. */
const boardsLookedAt = 64;

/**
 * The boards that restart walks from each pin visit most, B columns each, in descending share: the pin's own, and
 * those of the pins that the walks visit. A step leaves from the pin itself after a restart, else from where the
 * walk is, and takes each of that pin's boards alike; so a board's share follows from the walks' visits to pins, as
 * their expectation, without the noise of a count of its own. O(pins · T · boardsLookedAt).
 */
export function boardNeighbourhoods(
  { pins }: Topology,
  { size: neighbours, neighbours: visited, weights }: Neighbourhoods,
  size: number,
  restart: number,
): Neighbourhoods {
  const pinCount = pins.offsets.length - 1;
  const result = sharedNeighbourhoods(pinCount, size);
  const shares = new Map<number, number>();
  for (let pin = 0; pin < pinCount; pin++) {
    shares.clear();
    addBoards(shares, pins, pin, restart);
    for (let i = pin * neighbours; i < (pin + 1) * neighbours; i++)
      if (weights[i] > 0) addBoards(shares, pins, visited[i], (1 - restart) * weights[i]);
    fillRow(result, pin, shares);
  }
  return result;
}

/** Adds a pin's share of the steps, in equal parts, to its boards. */
function addBoards(shares: Map<number, number>, { offsets, neighbours }: Adjacency, pin: number, share: number): void {
  const from = offsets[pin];
  const degree = offsets[pin + 1] - from;
  const looked = Math.min(degree, boardsLookedAt);
  const start = degree > looked ? streamOf(boardStream, pin) % degree : 0;
  for (let i = 0; i < looked; i++) {
    const board = neighbours[from + ((start + Math.floor((i * degree) / looked)) % degree)];
    shares.set(board, (shares.get(board) ?? 0) + share / degree);
  }
}

const boardStream = 0x626f;

/** The boards of the largest shares, brought to a sum of 1; among equals by chance, not by dense index. */
function fillRow(
  { size, neighbours, weights }: Neighbourhoods,
  pin: number,
  shares: ReadonlyMap<number, number>,
): void {
  const ranked = Array.from(shares, ([board, share]) => ({ board, share, lot: streamOf(boardStream, pin, board) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || a.lot - b.lot)
    .slice(0, size);
  const total = ranked.reduce((sum, { share }) => sum + share, 0);
  ranked.forEach(({ board, share }, i) => {
    neighbours[pin * size + i] = board;
    weights[pin * size + i] = share / total;
  });
}
