import type { Topology } from '../graph/graph.js';
import type { LiveTopology } from '../graph/walk-rows.js';

/** Turns 32 random bits into a share. */
export const perUint32 = 2 ** -32;

/** Chances are drawn with 31 bits, so that a probability of 1 has a threshold too. */
export function drawThreshold(chance: number): number {
  return Math.round(chance * 2 ** 31);
}

/** Independent walks, one a lane. */
export interface StepLanes {
  /** The pin each lane goes back to. */
  readonly home: Int32Array;
  /** Each lane's xorshift32 state. */
  readonly state: Int32Array;
  /** [steps + 1, lanes] pins: a step reads one row and writes the next. */
  readonly rows: Int32Array;
}

/**
 * Moves the first `lanes` lanes from the row that begins at `from` to the next one: home with a probability
 * of `threshold` in 2^31, then pin → board → pin, uniformly.
 */
export type Step = (lanes: number, threshold: number, from: number) => void;

// A walk is bound by the latency of its four dependent reads. In both steps each loop makes one read for
// every lane, so that no read waits for another lane's. The generator is xorshift32 and the draws are
// multiply-shift, as in random.ts, written out for speed.

export function builtStep({ pins, boards }: Topology, { home, state, rows }: StepLanes): Step {
  const pinOffsets = pins.offsets;
  const pinBoards = pins.neighbours;
  const boardOffsets = boards.offsets;
  const boardPins = boards.neighbours;
  const edge = new Int32Array(home.length);
  const board = new Int32Array(home.length);
  return (lanes, threshold, from) => {
    for (let lane = 0; lane < lanes; lane++) {
      let x = state[lane];
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      const pin = x >>> 1 < threshold ? home[lane] : rows[from + lane];
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      state[lane] = x;
      const first = pinOffsets[pin];
      edge[lane] = first + (((x >>> 0) * perUint32 * (pinOffsets[pin + 1] - first)) | 0);
    }
    for (let lane = 0; lane < lanes; lane++) board[lane] = pinBoards[edge[lane]];
    for (let lane = 0; lane < lanes; lane++) {
      let x = state[lane];
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      state[lane] = x;
      const first = boardOffsets[board[lane]];
      edge[lane] = first + (((x >>> 0) * perUint32 * (boardOffsets[board[lane] + 1] - first)) | 0);
    }
    const to = from + lanes;
    for (let lane = 0; lane < lanes; lane++) rows[to + lane] = boardPins[edge[lane]];
  };
}

/** A step over a graph that changes, whose rows are (start, length) pairs; the length is read first, as walk-rows.ts asks. */
export function liveStep({ pins, boards }: LiveTopology, { home, state, rows }: StepLanes): Step {
  const pinRows = pins.rows;
  const pinBoards = pins.neighbours;
  const boardRows = boards.rows;
  const boardPins = boards.neighbours;
  const edge = new Int32Array(home.length);
  const board = new Int32Array(home.length);
  return (lanes, threshold, from) => {
    for (let lane = 0; lane < lanes; lane++) {
      let x = state[lane];
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      const pin = x >>> 1 < threshold ? home[lane] : rows[from + lane];
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      state[lane] = x;
      const length = pinRows[2 * pin + 1];
      edge[lane] = pinRows[2 * pin] + (((x >>> 0) * perUint32 * length) | 0);
    }
    for (let lane = 0; lane < lanes; lane++) board[lane] = pinBoards[edge[lane]];
    for (let lane = 0; lane < lanes; lane++) {
      let x = state[lane];
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      state[lane] = x;
      const length = boardRows[2 * board[lane] + 1];
      edge[lane] = boardRows[2 * board[lane]] + (((x >>> 0) * perUint32 * length) | 0);
    }
    const to = from + lanes;
    for (let lane = 0; lane < lanes; lane++) rows[to + lane] = boardPins[edge[lane]];
  };
}
