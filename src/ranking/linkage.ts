import type { GraphView } from '../graph/graph-view.js';

/** Which boards tie a candidate to a query: the evidence behind a recommendation, and its explanation. */
export class Linkage {
  readonly #graph: GraphView;
  /** [boards] the number of query pins on each board; zero between calls. */
  readonly #shared: Uint32Array;

  constructor(graph: GraphView) {
    this.#graph = graph;
    this.#shared = new Uint32Array(graph.boards.size);
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
    const boardsOf = (pin: number): Uint32Array => this.#graph.neighbours('pins', pin);
    const sizeOf = (board: number): number => this.#graph.degree('boards', board);
    const stronger = (a: number, b: number): boolean =>
      this.#shared[a] > this.#shared[b] || (this.#shared[a] === this.#shared[b] && sizeOf(a) < sizeOf(b));
    for (const pin of query) for (const board of boardsOf(pin)) this.#shared[board]++;
    for (const board of avoided) this.#shared[board] = 0;
    const links = Array.from(candidates, (pin) => {
      const strongest: number[] = [];
      for (const board of boardsOf(pin)) {
        if (this.#shared[board] === 0) continue;
        let place = strongest.length;
        while (place > 0 && stronger(board, strongest[place - 1])) place--;
        if (place === limit) continue;
        strongest.splice(place, 0, board);
        strongest.length = Math.min(strongest.length, limit);
      }
      return strongest;
    });
    for (const pin of query) for (const board of boardsOf(pin)) this.#shared[board] = 0;
    return links;
  }
}
