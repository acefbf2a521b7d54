import { neighboursOf, type Topology } from '../graph/graph.js';

/** Which boards tie a candidate to a query: the evidence behind a recommendation, and its explanation. */
export class Linkage {
  readonly #topology: Topology;
  /** [boards] the number of query pins on each board; zero between calls. */
  readonly #shared: Uint32Array;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#shared = new Uint32Array(topology.boards.offsets.length - 1);
  }

  /**
   * For each candidate, up to `limit` linking boards that say most: those with the most pins of the query, and of
   * those the smallest, for a short list means more than a long one. Boards in `avoided` link nothing.
   */
  strongestLinks(
    query: Uint32Array,
    candidates: Uint32Array,
    limit: number,
    avoided: Iterable<number> = [],
  ): number[][] {
    const { pins, boards } = this.#topology;
    const sizeOf = (board: number): number => boards.offsets[board + 1] - boards.offsets[board];
    const stronger = (a: number, b: number): boolean =>
      this.#shared[a] > this.#shared[b] || (this.#shared[a] === this.#shared[b] && sizeOf(a) < sizeOf(b));
    for (const pin of query) for (const board of neighboursOf(pins, pin)) this.#shared[board]++;
    for (const board of avoided) this.#shared[board] = 0;
    const links = Array.from(candidates, (pin) => {
      const strongest: number[] = [];
      for (const board of neighboursOf(pins, pin)) {
        if (this.#shared[board] === 0) continue;
        let place = strongest.length;
        while (place > 0 && stronger(board, strongest[place - 1])) place--;
        if (place === limit) continue;
        strongest.splice(place, 0, board);
        strongest.length = Math.min(strongest.length, limit);
      }
      return strongest;
    });
    for (const pin of query) for (const board of neighboursOf(pins, pin)) this.#shared[board] = 0;
    return links;
  }
}
