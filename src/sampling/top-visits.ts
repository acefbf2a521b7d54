import type { VisitTable } from './visit-table.js';

const pinRange = 2 ** 32;

/** Whole visit counts must stay below this, so that a count and a pin fit one double exactly. */
export const countLimit = 2 ** 21;

export interface RankedVisits {
  pins: Uint32Array;
  counts: Float32Array;
}

/** Picks the most visited pins of a table of whole counts, into memory that is kept between calls. */
export class TopVisits {
  readonly #keys: Float64Array;

  /** `capacity` is that of the tables to come. */
  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
  }

  get capacity(): number {
    return this.#keys.length;
  }

  /**
   * Writes up to `limit` pins and their counts from `offset` on, count descending, then pin ascending, and
   * returns how many.
   */
  select(table: VisitTable, limit: number, pins: Uint32Array, counts: Float32Array, offset: number): number {
    const keys = this.#keys;
    for (let i = 0; i < table.size; i++) {
      const slot = table.used[i];
      keys[i] = table.pins[slot] - table.counts[slot] * pinRange;
    }
    const kept = Math.min(limit, table.size);
    smallestFirst(keys, table.size, kept);
    for (let i = 0; i < kept; i++) {
      const count = Math.ceil(-keys[i] / pinRange);
      counts[offset + i] = count;
      pins[offset + i] = keys[i] + count * pinRange;
    }
    return kept;
  }

  /** The same into arrays of their own. */
  ranked(table: VisitTable, limit: number): RankedVisits {
    const kept = Math.min(limit, table.size);
    const pins = new Uint32Array(kept);
    const counts = new Float32Array(kept);
    this.select(table, kept, pins, counts, 0);
    return { pins, counts };
  }
}

/** The `limit` most visited pins of a table of any counts, count descending, then pin ascending. */
export function rankVisits(table: VisitTable, limit: number): RankedVisits {
  const slots = table.used.slice(0, table.size);
  const kept = Math.min(limit, slots.length);
  if (kept === 0) return { pins: new Uint32Array(0), counts: new Float32Array(0) };
  const keys = Float64Array.from(slots, (slot) => -table.counts[slot]);
  smallestFirst(keys, keys.length, kept);
  const least = -keys[kept - 1];
  // Few slots pass the bar, and a sort with a comparison is dear, so only they are sorted.
  const best = slots.filter((slot) => table.counts[slot] >= least);
  best.sort((a, b) => table.counts[b] - table.counts[a] || table.pins[a] - table.pins[b]);
  const ranked = best.subarray(0, kept);
  return {
    pins: Uint32Array.from(ranked, (slot) => table.pins[slot]),
    counts: Float32Array.from(ranked, (slot) => table.counts[slot]),
  };
}

/** Moves the `kept` smallest of `keys[0 … size - 1]` to the front, ascending: quickselect, then a sort. */
function smallestFirst(keys: Float64Array, size: number, kept: number): void {
  let low = 0;
  let high = kept < size ? size - 1 : 0;
  while (low < high) {
    const pivot = medianOfThree(keys[low], keys[(low + high) >>> 1], keys[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (keys[i] < pivot) i++;
      while (keys[j] > pivot) j--;
      if (i > j) break;
      const held = keys[i];
      keys[i++] = keys[j];
      keys[j--] = held;
    }
    if (kept <= j) high = j;
    else if (kept > i) low = i;
    else break;
  }
  sortFront(keys, kept);
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

const insertionLimit = 64;

function sortFront(keys: Float64Array, size: number): void {
  if (size > insertionLimit) {
    keys.subarray(0, size).sort();
    return;
  }
  for (let i = 1; i < size; i++) {
    const key = keys[i];
    let j = i - 1;
    for (; j >= 0 && keys[j] > key; j--) keys[j + 1] = keys[j];
    keys[j + 1] = key;
  }
}
