import { randomInt } from 'node:crypto';

/** Ids looked up together: their ways from memory overlap. */
const atOnce = 32;

/** A slot's second word for an id that was there and is gone; a search goes on behind it. */
const gone = 0xffff_ffff;

/**
 * From ids to handles by open addressing, three times as fast as a Map for batches: a Map waits for each
 * id's way through memory before it begins the next. A slot is two words, an id's hash and its handle plus 1.
 */
export class IdIndex {
  /** By handle; the owner's, read alone. */
  readonly #ids: readonly string[];
  #slots: Uint32Array;
  #mask: number;
  /** Slots that are not empty. */
  #taken = 0;
  #size = 0;
  /** Drawn anew in each process, so that nobody can choose ids that all meet in one slot; results do not depend on it. */
  readonly #basis = randomInt(2 ** 31);
  readonly #hashes = new Uint32Array(atOnce);
  /** Means nothing: what is read for its own sake must go somewhere, or the compiler leaves the reading out. */
  touched = 0;

  /** Indexes the ids given, each by its place. */
  constructor(ids: readonly string[]) {
    this.#ids = ids;
    this.#slots = new Uint32Array(0);
    this.#mask = 0;
    this.#resize(ids.length);
    for (let handle = 0; handle < ids.length; handle++) this.add(handle);
  }

  get size(): number {
    return this.#size;
  }

  /** The handle of an id, or -1. */
  find(id: string): number {
    return this.#find(id, this.#hash(id));
  }

  /** The handles of `ids[from … to - 1]`, -1 for those that have none. */
  findAll(ids: readonly string[], from: number, to: number): Int32Array {
    const handles = new Int32Array(to - from);
    const slots = this.#slots;
    const hashes = this.#hashes;
    for (let begin = from; begin < to; begin += atOnce) {
      const count = Math.min(atOnce, to - begin);
      let seen = 0;
      for (let i = 0; i < count; i++) {
        hashes[i] = this.#hash(ids[begin + i]);
        seen ^= slots[2 * (hashes[i] & this.#mask)];
      }
      for (let i = 0; i < count; i++) {
        const handle = slots[2 * (hashes[i] & this.#mask) + 1] - 1;
        if (handle >= 0 && handle < this.#ids.length) seen ^= this.#ids[handle].length;
      }
      this.touched = seen;
      for (let i = 0; i < count; i++) handles[begin - from + i] = this.#find(ids[begin + i], hashes[i]);
    }
    return handles;
  }

  /** Indexes an id that is new among the owner's. */
  add(handle: number): void {
    if (2 * (this.#taken + 1) > this.#mask) this.#resize(this.#size + 1);
    this.#put(this.#hash(this.#ids[handle]), handle);
    this.#size++;
  }

  /** Forgets an id, while it is still among the owner's. */
  remove(handle: number): void {
    const slots = this.#slots;
    const hash = this.#hash(this.#ids[handle]);
    for (let at = hash & this.#mask; slots[2 * at + 1] !== 0; at = (at + 1) & this.#mask)
      if (slots[2 * at + 1] === handle + 1) {
        slots[2 * at + 1] = gone;
        this.#size--;
        return;
      }
  }

  #find(id: string, hash: number): number {
    const slots = this.#slots;
    for (let at = hash & this.#mask; slots[2 * at + 1] !== 0; at = (at + 1) & this.#mask) {
      const handle = slots[2 * at + 1];
      if (slots[2 * at] === hash && handle !== gone && this.#ids[handle - 1] === id) return handle - 1;
    }
    return -1;
  }

  #put(hash: number, handle: number): void {
    let at = hash & this.#mask;
    while (this.#slots[2 * at + 1] !== 0) at = (at + 1) & this.#mask;
    this.#slots[2 * at] = hash;
    this.#slots[2 * at + 1] = handle + 1;
    this.#taken++;
  }

  /** Room for twice as many ids at half the slots, without the slots of ids that are gone. */
  #resize(size: number): void {
    const before = this.#slots;
    const length = 2 ** Math.ceil(Math.log2(4 * Math.max(size, 16)));
    this.#slots = new Uint32Array(2 * length);
    this.#mask = length - 1;
    this.#taken = 0;
    for (let at = 0; at < before.length; at += 2)
      if (before[at + 1] !== 0 && before[at + 1] !== gone) this.#put(before[at], before[at + 1] - 1);
  }

  #hash(id: string): number {
    let hash = this.#basis;
    for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x0100_0193);
    // The last characters have moved the low bits least; slots are chosen by these.
    hash ^= hash >>> 15;
    return Math.imul(hash, 0x2c1b_3c6d) >>> 0;
  }
}
