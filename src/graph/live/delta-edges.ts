import { countingOrder, earliest, largest } from '../fold-edges.js';
import type { Change } from './change.js';

/** What the delta says, in the end, of each edge that it mentions; ordered by board, then pin, by handle. */
export interface EdgeOutcomes {
  readonly count: number;
  readonly boards: Int32Array;
  readonly pins: Int32Array;
  /** 1 where the edge was removed on the way: what the base has of it no longer counts. */
  readonly replaced: Uint8Array;
  readonly present: Uint8Array;
  readonly addedAt: Float64Array;
  readonly weight: Float32Array;
}

const removed = 1;

/** The changes of edges in the order of the log, as columns that grow. */
export class DeltaEdges {
  #length = 0;
  #boards = new Int32Array(1_024);
  #pins = new Int32Array(1_024);
  #kinds = new Uint8Array(1_024);
  #addedAt = new Float64Array(1_024);
  #weight = new Float32Array(1_024);

  add(change: Extract<Change, { kind: 'add_edges' | 'remove_edges' }>): void {
    const { kind, boards, pins, addedAt, weight } = change;
    this.#reserve(this.#length + boards.length);
    for (let i = 0; i < boards.length; i++) {
      if (boards[i] < 0 || pins[i] < 0) continue;
      const at = this.#length++;
      this.#boards[at] = boards[i];
      this.#pins[at] = pins[i];
      this.#kinds[at] = kind === 'remove_edges' ? removed : 0;
      this.#addedAt[at] = addedAt ? addedAt[i] : Number.NaN;
      this.#weight[at] = weight ? weight[i] : Number.NaN;
    }
  }

  /** `nodes`: handles given so far on each side. */
  outcomes(nodes: { pins: number; boards: number }): EdgeOutcomes {
    const boards = Uint32Array.from(this.#boards.subarray(0, this.#length));
    const pins = Uint32Array.from(this.#pins.subarray(0, this.#length));
    const order = countingOrder(boards, nodes.boards, countingOrder(pins, nodes.pins));
    const found = {
      boards: new Int32Array(order.length),
      pins: new Int32Array(order.length),
      replaced: new Uint8Array(order.length),
      present: new Uint8Array(order.length),
      addedAt: new Float64Array(order.length),
      weight: new Float32Array(order.length),
    };
    let last = -1;
    for (const change of order) {
      if (last < 0 || boards[change] !== found.boards[last] || pins[change] !== found.pins[last]) {
        found.boards[++last] = boards[change];
        found.pins[last] = pins[change];
      }
      if (this.#kinds[change] === removed) {
        found.replaced[last] = 1;
        found.present[last] = 0;
        continue;
      }
      const repeats = found.present[last] === 1;
      const addedAt = this.#addedAt[change];
      const weight = this.#weight[change];
      found.addedAt[last] = repeats ? earliest(found.addedAt[last], addedAt) : addedAt;
      found.weight[last] = repeats ? largest(found.weight[last], weight) : weight;
      found.present[last] = 1;
    }
    return { count: last + 1, ...found };
  }

  #reserve(length: number): void {
    if (length <= this.#boards.length) return;
    const grown = <T extends Int32Array | Uint8Array | Float64Array | Float32Array>(column: T): T => {
      const larger = new (column.constructor as new (length: number) => T)(2 * length);
      larger.set(column);
      return larger;
    };
    this.#boards = grown(this.#boards);
    this.#pins = grown(this.#pins);
    this.#kinds = grown(this.#kinds);
    this.#addedAt = grown(this.#addedAt);
    this.#weight = grown(this.#weight);
  }
}
