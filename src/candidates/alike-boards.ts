import { degree, degreePowers, degreesOf, neighboursOf, type Topology } from '../graph/graph.js';
import { TopK } from '../ann/top-rows.js';
import type { NearPins } from './near-pins.js';

/** Boards asked for each query. */
const boardsAsked = 200;
/** Exponent of a pin's degree in the likeness of boards: sharing a rare pin says more. */
const rarity = 0.7;
/** Exponent of a board's size: a long board shares pins by chance. */
const breadth = 0.5;
/** Exponent of the likeness when boards vote: above 1, the most alike count for more. */
const sharpness = 1.5;
/** Exponent of a candidate's degree: popular pins are on many alike boards anyway. */
const popularity = 0.2;
/** That of pins near a candidate, whose votes tell of it: their own popularity tells nothing of it. */
const popularityOfNear = 0.5;

/** Board-based neighbours: what the boards most like the query hold. The counterpart of pin-to-pin neighbours. */
export class AlikeBoards {
  readonly #topology: Topology;
  /** [boards] and [pins]; zero between calls. */
  readonly #likeness: Float64Array;
  readonly #votes: Float64Array;
  /** [pins] what a vote for each weighs where it is near a candidate; made when it is first asked for. */
  #worthNear: Float32Array | undefined;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#likeness = new Float64Array(topology.boards.offsets.length - 1);
    this.#votes = new Float64Array(topology.pins.offsets.length - 1);
  }

  /** Each candidate's votes from the boards most like the query. */
  votesFor(query: Uint32Array, candidates: Uint32Array): Float32Array {
    const { pins } = this.#topology;
    return this.#afterVotes(query, () =>
      Float32Array.from(candidates, (pin) => this.#votes[pin] * Math.max(1, degree(pins, pin)) ** -popularity),
    );
  }

  /** The mean votes for the pins near each candidate, by their weights: what alike boards would hold if they knew it. */
  votesThrough(query: Uint32Array, candidates: Uint32Array, near: NearPins): Float32Array {
    const { offsets, neighbours, weights } = near;
    const worth = (this.#worthNear ??= degreePowers(degreesOf(this.#topology.pins), -popularityOfNear));
    return this.#afterVotes(query, () =>
      Float32Array.from(candidates, (pin) => {
        let mean = 0;
        for (let e = offsets[pin]; e < offsets[pin + 1]; e++)
          mean += weights[e] * this.#votes[neighbours[e]] * worth[neighbours[e]];
        return mean;
      }),
    );
  }

  /** Reads while the votes stand. */
  #afterVotes<T>(query: Uint32Array, read: () => T): T {
    const { pins, boards } = this.#topology;
    const met: number[] = [];
    for (const pin of query) {
      const shared = degree(pins, pin) ** -rarity;
      for (const board of neighboursOf(pins, pin)) {
        if (this.#likeness[board] === 0) met.push(board);
        this.#likeness[board] += shared;
      }
    }
    const best = new TopK(Math.min(boardsAsked, met.length));
    for (const board of met) {
      best.offer(board, this.#likeness[board] * degree(boards, board) ** -breadth);
      this.#likeness[board] = 0;
    }
    const { rows, scores } = best.take();
    rows.forEach((board, i) => {
      const vote = scores[i] ** sharpness;
      for (const pin of neighboursOf(boards, board)) this.#votes[pin] += vote;
    });
    const result = read();
    for (const board of rows) for (const pin of neighboursOf(boards, board)) this.#votes[pin] = 0;
    return result;
  }
}
