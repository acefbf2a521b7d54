/** Whole visit counts stay below this, which bounds the memory of their ranking. */
export const countLimit = 2 ** 21;

const free = -1;

/** Tables past this size may be half full instead of a quarter: they leave the nearest cache anyway. */
const roomy = 4096;

/** A table for `capacity` pins has 2 to the power of this many slots. */
export function slotBits(capacity: number): number {
  return Math.ceil(Math.log2(Math.max(1, capacity))) + (capacity > roomy ? 1 : 2);
}

/**
 * Counts visits by pin: open addressing with linear probing, pin and count side by side. A walk touches few
 * pins of a large catalogue, so a table of the walk's size stays in the cache where one counter a pin would
 * not.
 */
export class VisitTable {
  /** The slots in use, in the order of the first visit: `used[0 … size - 1]`. */
  readonly used: Int32Array;
  /** (pin, count) by slot; the pin is -1 where the slot is free. */
  readonly slots: Int32Array;
  size = 0;
  readonly #shift: number;
  readonly #mask: number;
  /** Pins by count, while they are ranked; zero in between. */
  readonly #placeOf: Int32Array;

  /** `capacity` bounds the pins held at once, `mostVisits` a pin's count. */
  constructor(capacity: number, mostVisits: number) {
    const bits = slotBits(capacity);
    this.#shift = 32 - bits;
    this.#mask = 2 ** bits - 1;
    // One more: a free slot's entry is written before it is known to be free.
    this.used = new Int32Array(capacity + 1);
    this.slots = new Int32Array(2 * 2 ** bits);
    for (let slot = 0; slot < this.slots.length; slot += 2) this.slots[slot] = free;
    this.#placeOf = new Int32Array(mostVisits + 1);
  }

  get capacity(): number {
    return this.used.length - 1;
  }

  get mostVisits(): number {
    return this.#placeOf.length - 1;
  }

  /** Whether so many pins, and counts so large, find room. */
  holds(capacity: number, mostVisits: number): boolean {
    return this.capacity >= capacity && this.mostVisits >= mostVisits;
  }

  /** Adds to a pin's count and returns the new count. */
  add(pin: number, amount: number): number {
    const { slots } = this;
    const mask = this.#mask;
    // 2^32 divided by the golden ratio: the product's upper bits spread even consecutive pins.
    let slot = Math.imul(pin, 0x9e3779b1) >>> this.#shift;
    let held = slots[2 * slot];
    // One branch for both ends of a probe: whether a pin is new cannot be foretold, that the first slot fits can.
    while (Number(held !== pin) & Number(held !== free)) {
      slot = (slot + 1) & mask;
      held = slots[2 * slot];
    }
    slots[2 * slot] = pin;
    this.used[this.size] = slot;
    this.size += Number(held === free);
    return (slots[2 * slot + 1] += amount);
  }

  /**
   * Writes up to `limit` of the most visited pins and their counts from `offset` on and empties the table;
   * count descending, ties in the order of the first visit. `skip` is left out. Returns how many. A counting
   * sort: O(pins + largest count), and no comparison.
   */
  drain(skip: number, limit: number, pins: Uint32Array, counts: Float32Array, offset: number): number {
    const { used, slots, size } = this;
    const placeOf = this.#placeOf;
    let most = 0;
    for (let i = 0; i < size; i++) {
      if (slots[2 * used[i]] === skip) continue;
      const count = slots[2 * used[i] + 1];
      placeOf[count]++;
      if (count > most) most = count;
    }
    let place = 0;
    for (let count = most; count > 0; count--) {
      const pinsOfCount = placeOf[count];
      placeOf[count] = place;
      place += pinsOfCount;
    }
    for (let i = 0; i < size; i++) {
      const slot = 2 * used[i];
      const pin = slots[slot];
      const count = slots[slot + 1];
      slots[slot] = free;
      slots[slot + 1] = 0;
      if (pin === skip) continue;
      const at = placeOf[count]++;
      if (at >= limit) continue;
      pins[offset + at] = pin;
      counts[offset + at] = count;
    }
    placeOf.fill(0, 0, most + 1);
    this.size = 0;
    return Math.min(limit, place);
  }

  /** Forgets all pins, at the cost of those held. */
  clear(): void {
    for (let i = 0; i < this.size; i++) {
      this.slots[2 * this.used[i]] = free;
      this.slots[2 * this.used[i] + 1] = 0;
    }
    this.size = 0;
  }
}
