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
  { pins, boards }: Topology,
  { size: neighbours, neighbours: visited, weights }: Neighbourhoods,
  size: number,
  restart: number,
): Neighbourhoods {
  const pinCount = pins.offsets.length - 1;
  const result = sharedNeighbourhoods(pinCount, size);
  const shares = new BoardShares(boards.offsets.length - 1, pins);
  for (let pin = 0; pin < pinCount; pin++) {
    shares.add(pin, restart);
    for (let i = pin * neighbours; i < (pin + 1) * neighbours; i++)
      if (weights[i] > 0) shares.add(visited[i], (1 - restart) * weights[i]);
    shares.takeLargest(result, pin);
  }
  return result;
}

const boardStream = 0x626f;

/** Shares of a walk's steps by board. */
class BoardShares {
  readonly #pins: Adjacency;
  /** 0 for a board that has not been met. */
  readonly #shares: Float64Array;
  readonly #met: number[] = [];

  constructor(boardCount: number, pins: Adjacency) {
    this.#shares = new Float64Array(boardCount);
    this.#pins = pins;
  }

  /** Gives a pin's share of the steps, in equal parts, to its boards. */
  add(pin: number, share: number): void {
    const { offsets, neighbours } = this.#pins;
    const from = offsets[pin];
    const degree = offsets[pin + 1] - from;
    if (share === 0 || degree === 0) return;
    const looked = Math.min(degree, boardsLookedAt);
    // Not from the first: of boards alike, those of the lowest index would always be kept.
    const start = streamOf(boardStream, pin) % degree;
    for (let i = 0; i < looked; i++) {
      const board = neighbours[from + ((start + Math.floor((i * degree) / looked)) % degree)];
      if (this.#shares[board] === 0) this.#met.push(board);
      this.#shares[board] += share / degree;
    }
  }

  /** Moves the largest shares, brought to a sum of 1, to a pin's row; among equals the first met. Begins anew. */
  takeLargest({ size, neighbours, weights }: Neighbourhoods, pin: number): void {
    const start = pin * size;
    let kept = 0;
    let total = 0;
    for (const board of this.#met) {
      const share = Math.fround(this.#shares[board]);
      this.#shares[board] = 0;
      if (kept === size && share <= weights[start + size - 1]) continue;
      total += share - (kept === size ? weights[start + size - 1] : 0);
      let at = kept < size ? kept++ : size - 1;
      for (; at > 0 && weights[start + at - 1] < share; at--) {
        weights[start + at] = weights[start + at - 1];
        neighbours[start + at] = neighbours[start + at - 1];
      }
      weights[start + at] = share;
      neighbours[start + at] = board;
    }
    for (let i = start; i < start + kept; i++) weights[i] /= total;
    this.#met.length = 0;
  }
}
