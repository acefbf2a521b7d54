import { slotBits } from './visit-table.js';
import type { WalkExports } from './wasm-module.js';

/** The visit table of assembly/visits.ts: where it lies, and how full it is. Addresses are bytes. */
export class WasmVisitTable {
  readonly capacity: number;
  readonly mostVisits: number;
  /** Address of the slots in use, in the order of the first visit: u32 addresses of (pin, count). */
  readonly used: number;
  size = 0;
  readonly #exports: WalkExports;
  readonly #slots: number;
  readonly #bits: number;
  readonly #places: number;

  /** `capacity` bounds the pins held at once, `mostVisits` a pin's count; `take` hands out memory. */
  constructor(exports: WalkExports, capacity: number, mostVisits: number, take: (bytes: number) => number) {
    this.#exports = exports;
    this.capacity = capacity;
    this.mostVisits = mostVisits;
    this.#bits = slotBits(capacity);
    const slotBytes = 8 * 2 ** this.#bits;
    const usedBytes = 4 * (capacity + 1);
    this.#slots = take(slotBytes + usedBytes + 4 * (mostVisits + 1));
    this.used = this.#slots + slotBytes;
    this.#places = this.used + usedBytes;
    exports.clearSlots(this.#slots, this.#bits);
    exports.clearPlaces(this.#places, mostVisits + 1);
  }

  /** Whether so many pins, and counts so large, find room. */
  holds(capacity: number, mostVisits: number): boolean {
    return this.capacity >= capacity && this.mostVisits >= mostVisits;
  }

  /** Counts, ranks and normalises lanes, `limit` cells each. */
  pool(
    from: number,
    visits: number,
    stride: number,
    lanes: number,
    seeds: number,
    limit: number,
    pins: number,
    weights: number,
  ): void {
    this.#exports.pool(
      from,
      visits,
      stride,
      lanes,
      seeds,
      limit,
      this.#slots,
      this.#bits,
      this.used,
      this.#places,
      pins,
      weights,
    );
  }

  countUntil(
    from: number,
    most: number,
    skip: number,
    stopVisits: number,
    wanted: number,
  ): { counted: number; wanted: number } {
    const counted = this.#exports.countUntil(
      from,
      most,
      skip,
      stopVisits,
      wanted,
      this.#slots,
      this.#bits,
      this.used,
      this.size,
    );
    this.size = this.#exports.pinsHeld();
    return { counted, wanted: this.#exports.pinsMissing() };
  }

  /** Adds all counts, or their roots, to another table and forgets them. */
  moveTo(other: WasmVisitTable, rooted: boolean): void {
    other.size = this.#exports.addTable(
      this.used,
      this.size,
      Number(rooted),
      other.#slots,
      other.#bits,
      other.used,
      other.size,
    );
    this.size = 0;
  }

  /** Writes the most visited pins and forgets all; see VisitTable. */
  drain(skip: number, limit: number, pins: number, counts: number): number {
    const kept = this.#exports.drain(this.used, this.size, skip, limit, this.#places, pins, counts);
    this.size = 0;
    return kept;
  }

  clear(): void {
    this.#exports.clearSlots(this.#slots, this.#bits);
    this.size = 0;
  }
}
