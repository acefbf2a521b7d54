import { BoardwalkError } from '../../errors.js';

/** Where the cells of a barrier stand: who has arrived in this round, the round, and whether a party failed. */
const arrived = 0;
const round = 1;
const failed = 2;

export function barrierCells(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(12));
}

/** Lets threads go on together, each waiting for the last. A party that fails must say so, or all others wait. */
export class Barrier {
  readonly #cells: Int32Array;
  readonly #parties: number;

  constructor(cells: Int32Array, parties: number) {
    this.#cells = cells;
    this.#parties = parties;
  }

  /** Blocks the thread. Throws `interrupted` where another party has failed. */
  wait(): void {
    const cells = this.#cells;
    const now = Atomics.load(cells, round);
    if (Atomics.add(cells, arrived, 1) === this.#parties - 1) {
      Atomics.store(cells, arrived, 0);
      Atomics.add(cells, round, 1);
      Atomics.notify(cells, round);
    } else
      while (Atomics.load(cells, round) === now && Atomics.load(cells, failed) === 0) Atomics.wait(cells, round, now);
    if (Atomics.load(cells, failed) > 0) throw new BoardwalkError('interrupted', 'Another tower failed.');
  }

  /** Wakes all who wait, now and later, with an error. */
  fail(): void {
    Atomics.store(this.#cells, failed, 1);
    Atomics.add(this.#cells, round, 1);
    Atomics.notify(this.#cells, round);
  }
}
