/**
 * Room that rows grow into: cells of one array, handed out in runs of 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, …
 * cells, four sizes to each doubling. What a row leaves behind is handed out again, but not at once: a
 * reader may still be in it.
 */
export class RowRoom {
  readonly #end: number;
  #next: number;
  #freed = 0;
  /** Cells of the run that was taken last. */
  takenCells = 0;
  readonly #lists: FreeRuns[] = [];

  constructor(from: number, end: number) {
    this.#next = from;
    this.#end = end;
  }

  /** Cells that are not taken. */
  get left(): number {
    return this.#end - this.#next + this.#freed;
  }

  /**
   * The start of a run of at least this many cells, -1 where there is none; `takenCells` says how many it has.
   * `now` in milliseconds.
   */
  take(cells: number, now: number): number {
    const sizeClass = classFor(cells);
    const exact = this.#takeFreed(sizeClass, now);
    if (exact >= 0) return exact;
    this.takenCells = runCells(sizeClass);
    if (this.#next + this.takenCells <= this.#end) {
      this.#next += this.takenCells;
      return this.#next - this.takenCells;
    }
    for (let larger = sizeClass + 1; larger < this.#lists.length; larger++) {
      const start = this.#takeFreed(larger, now);
      if (start >= 0) return start;
    }
    return -1;
  }

  #takeFreed(sizeClass: number, now: number): number {
    const start = this.#lists[sizeClass]?.take(now) ?? -1;
    if (start < 0) return -1;
    this.takenCells = runCells(sizeClass);
    this.#freed -= this.takenCells;
    return start;
  }

  free(start: number, cells: number, now: number): void {
    const sizeClass = classWithin(cells);
    if (sizeClass < 0) return;
    (this.#lists[sizeClass] ??= new FreeRuns()).add(start, now);
    this.#freed += runCells(sizeClass);
  }
}

/** A walk step reads a row within microseconds of taking its start; this leaves room for a thread that is held up. */
const graceMilliseconds = 1_000;

/** Runs of one size, first freed first taken. */
class FreeRuns {
  #starts: number[] = [];
  #times: number[] = [];
  #head = 0;

  add(start: number, now: number): void {
    this.#starts.push(start);
    this.#times.push(now);
  }

  take(now: number): number {
    if (this.#head === this.#starts.length || this.#times[this.#head] + graceMilliseconds > now) return -1;
    const start = this.#starts[this.#head++];
    // Drops what was handed out, at a cost that is constant over many calls.
    if (this.#head > 1_024 && this.#head > this.#starts.length / 2) {
      this.#starts = this.#starts.slice(this.#head);
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    return start;
  }
}

/** Cells that a row of this length has when a memory begins: it grows by an eighth and two before it moves. */
export function cellsAtFirst(length: number): number {
  return runCells(classFor(length + 2 + (length >>> 3)));
}

export function runCells(sizeClass: number): number {
  return (4 + (sizeClass & 3)) << (sizeClass >> 2);
}

/** The class of the shortest run of at least this many cells. */
export function classFor(cells: number): number {
  if (cells <= 4) return 0;
  const doubling = 29 - Math.clz32(cells);
  return 4 * doubling + Math.ceil((cells - (4 << doubling)) / (1 << doubling));
}

/** The class of the longest run that fits into this many cells; -1 where none does. */
export function classWithin(cells: number): number {
  if (cells < 4) return -1;
  const doubling = 29 - Math.clz32(cells);
  return 4 * doubling + Math.floor((cells - (4 << doubling)) / (1 << doubling));
}
