import { lowerBound } from '../ascending.js';
import type { WalkRows } from '../walk-rows.js';
import { cellsAtFirst, RowRoom } from './row-room.js';

/** What became of an edge: it was there already, it is there now, or no room was left for it. */
export const insertion = { known: 0, added: 1, full: -1 } as const;

/** Rows that grow get room for a quarter more, so that each edge is copied a few times at most. */
const slack = 1.25;

/** Up to this many cells, a loop moves them sooner than a call of copyWithin. */
const shortMove = 48;

/**
 * The one writer of a side that others walk meanwhile. A reader in the middle of a shift sees one neighbour
 * twice, or one not at all, for an instant; all that it ever reads is a valid node of the other side, for
 * each side's cells hold nothing else. So a walk needs no lock and no second look.
 */
export class LiveRows {
  readonly #rows: Uint32Array;
  readonly #neighbours: Uint32Array;
  /** Cells that belong to each row, used or not. */
  readonly #capacities: Uint32Array;
  readonly #room: RowRoom;
  #edges = 0;
  /** Means nothing: what is read for its own sake must go somewhere, or the compiler leaves the reading out. */
  touched = 0;

  /** The rows of a memory as it begins, `born` of them with cells of their own, end to end. */
  constructor({ rows, neighbours }: WalkRows, born: number) {
    this.#rows = rows;
    this.#neighbours = neighbours;
    this.#capacities = new Uint32Array(rows.length / 2);
    let cells = 0;
    for (let row = 0; row < born; row++) {
      this.#capacities[row] = cellsAtFirst(rows[2 * row + 1]);
      cells += this.#capacities[row];
      this.#edges += rows[2 * row + 1];
    }
    this.#room = new RowRoom(cells, neighbours.length);
  }

  get edges(): number {
    return this.#edges;
  }

  /** Cells left to grow into. */
  get left(): number {
    return this.#room.left;
  }

  /** The neighbours of one row, as a view that holds until the next change. */
  row(row: number): Uint32Array {
    const start = this.#rows[2 * row];
    return this.#neighbours.subarray(start, start + this.#rows[2 * row + 1]);
  }

  length(row: number): number {
    return this.#rows[2 * row + 1];
  }

  /**
   * Reads what a search in each of these rows will read first, so that it is near: the reads of many rows
   * overlap, where those of one search wait for each other.
   */
  touch(nodes: Uint32Array, count: number): void {
    const rows = this.#rows;
    const neighbours = this.#neighbours;
    let seen = 0;
    for (let i = 0; i < count; i++) seen ^= rows[2 * nodes[i]] ^ this.#capacities[nodes[i]];
    for (let i = 0; i < count; i++) {
      const start = rows[2 * nodes[i]];
      const quarter = rows[2 * nodes[i] + 1] >>> 2;
      seen ^= neighbours[start + quarter] ^ neighbours[start + 2 * quarter] ^ neighbours[start + 3 * quarter];
    }
    this.touched = seen;
  }

  /** `now`: milliseconds of a clock that never goes back. */
  insert(row: number, neighbour: number, now: number): number {
    const rows = this.#rows;
    const neighbours = this.#neighbours;
    const length = rows[2 * row + 1];
    let start = rows[2 * row];
    let at = lowerBound(neighbours, neighbour, start, start + length);
    if (at < start + length && neighbours[at] === neighbour) return insertion.known;
    if (length === this.#capacities[row]) {
      const moved = this.#move(row, start, length, now);
      if (moved < 0) return insertion.full;
      at += moved - start;
      start = moved;
    }
    const end = start + length;
    if (end - at > shortMove) neighbours.copyWithin(at + 1, at, end);
    else for (let i = end; i > at; i--) neighbours[i] = neighbours[i - 1];
    neighbours[at] = neighbour;
    Atomics.store(rows, 2 * row + 1, length + 1);
    this.#edges++;
    return insertion.added;
  }

  remove(row: number, neighbour: number): boolean {
    const rows = this.#rows;
    const neighbours = this.#neighbours;
    const length = rows[2 * row + 1];
    const start = rows[2 * row];
    const end = start + length;
    const at = lowerBound(neighbours, neighbour, start, end);
    if (at === end || neighbours[at] !== neighbour) return false;
    neighbours.copyWithin(at, at + 1, end);
    Atomics.store(rows, 2 * row + 1, length - 1);
    neighbours[end - 1] = 0;
    this.#edges--;
    return true;
  }

  /** Empties a row and wipes its cells. */
  clear(row: number, now: number): void {
    const start = this.#rows[2 * row];
    this.#edges -= this.#rows[2 * row + 1];
    Atomics.store(this.#rows, 2 * row + 1, 0);
    this.#neighbours.fill(0, start, start + this.#capacities[row]);
    this.#room.free(start, this.#capacities[row], now);
    this.#capacities[row] = 0;
  }

  /** Copies a row to where it can grow, publishes its new start and gives it, or -1 where there is no room. */
  #move(row: number, start: number, length: number, now: number): number {
    const moved = this.#room.take(Math.max(length + 1, Math.ceil(length * slack)), now);
    if (moved < 0) return -1;
    this.#neighbours.copyWithin(moved, start, start + length);
    Atomics.store(this.#rows, 2 * row, moved);
    this.#room.free(start, this.#capacities[row], now);
    this.#capacities[row] = this.#room.takenCells;
    return moved;
  }
}
