import { evenSpread } from '../candidates/even-spread.js';
import { degree, neighboursOf, type Topology } from '../graph/graph.js';

/** What single pins of a query have to do with each candidate; 0 where no board holds both. */
export interface NearestPins {
  /** The greatest cosine of board sets between the candidate and a pin of the query. */
  readonly cosine: Float32Array;
  /** Share of the query's pins that a board ties to the candidate. */
  readonly tied: Float32Array;
}

/** Query pins told apart: one bit each. Longer queries are thinned evenly. */
const comparedPins = 32;
/** Boards of a candidate looked at; of more, an even sample that stands for all. */
const boardsAsked = 256;

/**
 * A pin that is very near to one pin of the query suits a board of several interests, though the sum over the
 * query, which sources score by, is small.
 */
export class SharedBoards {
  readonly #topology: Topology;
  /** [boards] bit q: the board holds pin q of the query. Zero between calls. */
  readonly #holders: Uint32Array;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#holders = new Uint32Array(topology.boards.offsets.length - 1);
  }

  nearestTo(query: Uint32Array, candidates: Uint32Array): NearestPins {
    const { pins } = this.#topology;
    const compared = [...evenSpread(query, comparedPins)];
    const count = compared.length;
    compared.forEach((pin, q) => {
      for (const board of neighboursOf(pins, pin)) this.#holders[board] |= 1 << q;
    });
    const degrees = compared.map((pin) => degree(pins, pin));
    const found = {
      cosine: new Float32Array(candidates.length),
      tied: new Float32Array(candidates.length),
    };
    const shared = new Float64Array(count);
    candidates.forEach((pin, row) => {
      const boards = neighboursOf(pins, pin);
      const stride = Math.max(1, boards.length / boardsAsked);
      let met = 0;
      for (let i = 0; i < boards.length; i += stride) {
        const board = boards[Math.floor(i)];
        const holders = this.#holders[board];
        met |= holders;
        for (let left = holders; left !== 0; left &= left - 1) {
          const q = 31 - Math.clz32(left & -left);
          shared[q] += stride;
        }
      }
      let tied = 0;
      for (let left = met; left !== 0; left &= left - 1) {
        const q = 31 - Math.clz32(left & -left);
        tied++;
        // What a sample stands for may be more than there is.
        const common = Math.min(shared[q], degrees[q], boards.length);
        found.cosine[row] = Math.max(found.cosine[row], common / Math.sqrt(degrees[q] * boards.length));
        shared[q] = 0;
      }
      found.tied[row] = tied / Math.max(1, count);
    });
    for (const pin of compared) for (const board of neighboursOf(pins, pin)) this.#holders[board] = 0;
    return found;
  }
}
