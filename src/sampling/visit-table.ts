/**
 * Counts visits by pin: open addressing with linear probing in typed arrays. A walk touches few pins of a
 * large catalogue, so a table of the walk's size stays in the cache where one counter a pin would not.
 */
export class VisitTable {
  /** The slots in use, in the order of the first visit: `used[0 … size - 1]`. */
  readonly used: Int32Array;
  /** Pin by slot, -1 where the slot is free. */
  readonly pins: Int32Array;
  /** Count by slot. */
  readonly counts: Float64Array;
  size = 0;
  readonly #shift: number;
  readonly #mask: number;

  /** `capacity` bounds the pins held at once; at least half the slots stay free, so probes are short. */
  constructor(capacity: number) {
    const bits = Math.ceil(Math.log2(Math.max(1, capacity))) + 1;
    this.#shift = 32 - bits;
    this.#mask = 2 ** bits - 1;
    this.used = new Int32Array(capacity);
    this.pins = new Int32Array(2 ** bits).fill(-1);
    this.counts = new Float64Array(2 ** bits);
  }

  get capacity(): number {
    return this.used.length;
  }

  /** Adds to a pin's count and returns the new count. */
  add(pin: number, amount: number): number {
    const { pins, counts } = this;
    const mask = this.#mask;
    // 2^32 divided by the golden ratio: the product's upper bits spread even consecutive pins.
    let slot = Math.imul(pin, 0x9e3779b1) >>> this.#shift;
    for (let held = pins[slot]; held !== pin; held = pins[slot]) {
      if (held === -1) {
        pins[slot] = pin;
        counts[slot] = amount;
        this.used[this.size++] = slot;
        return amount;
      }
      slot = (slot + 1) & mask;
    }
    counts[slot] += amount;
    return counts[slot];
  }

  /** Forgets all pins, at the cost of those held. */
  clear(): void {
    for (let i = 0; i < this.size; i++) this.pins[this.used[i]] = -1;
    this.size = 0;
  }
}
