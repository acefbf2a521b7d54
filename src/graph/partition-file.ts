import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** One block of a partition, in 32-bit words: large enough that a disk reads it at full speed. */
const blockWords = 16_384;

/** Keys [from, to) in ranges of 2^shift: where each range's records lie in a file. */
export interface PartitionFile {
  path: string;
  from: number;
  to: number;
  shift: number;
  /** Words of one record; the first is its key. */
  words: number;
  /** The blocks of each partition, in the order in which they were filled. */
  blocks: number[][];
  /** Records in each partition. */
  records: number[];
}

/** Fewest ranges of a power of two that hold, were keys even, no more than `most` of `records` each. */
function shiftFor(keys: number, records: number, most: number): number {
  let shift = 0;
  while (2 ** (shift + 1) < keys && records / (keys / 2 ** (shift + 1)) <= most) shift++;
  return shift;
}

/** Deals fixed-width records into ranges of their keys: one block a range in memory, all others in one file. */
export class PartitionWriter {
  /** The caller writes its record here, at the place that `place` gives. */
  readonly buffer: Uint32Array;
  readonly #file: number;
  readonly #layout: PartitionFile;
  readonly #next: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #shift: number;
  readonly #from: number;
  readonly #words: number;
  #written = 0;

  /** `records` is how many will come, and `most` how many one partition should hold. */
  constructor(path: string, keys: { from: number; to: number }, words: number, records: number, most: number) {
    const shift = shiftFor(keys.to - keys.from, records, most);
    const partitions = Math.ceil((keys.to - keys.from) / 2 ** shift);
    const filled = Math.floor(blockWords / words) * words;
    this.#layout = {
      path,
      ...keys,
      shift,
      words,
      blocks: Array.from({ length: partitions }, () => []),
      records: Array.from({ length: partitions }, () => 0),
    };
    this.buffer = new Uint32Array(partitions * blockWords);
    this.#next = Uint32Array.from({ length: partitions }, (_, partition) => partition * blockWords);
    this.#ends = this.#next.map((start) => start + filled);
    this.#file = openSync(path, 'w');
    this.#shift = shift;
    this.#from = keys.from;
    this.#words = words;
  }

  /** Where in `buffer` the record of this key goes. */
  place(key: number): number {
    const partition = (key - this.#from) >>> this.#shift;
    if (this.#next[partition] === this.#ends[partition]) this.#flush(partition);
    const at = this.#next[partition];
    this.#next[partition] = at + this.#words;
    return at;
  }

  #flush(partition: number): void {
    const start = partition * blockWords;
    const end = this.#next[partition];
    writeSync(this.#file, this.buffer, 4 * start, 4 * (end - start), this.#written * 4 * blockWords);
    this.#layout.blocks[partition].push(this.#written++);
    this.#layout.records[partition] += (end - start) / this.#words;
    this.#next[partition] = start;
  }

  finish(): PartitionFile {
    for (const [partition, next] of this.#next.entries()) if (next > partition * blockWords) this.#flush(partition);
    closeSync(this.#file);
    return this.#layout;
  }
}

/** The records of one partition, block by block, in the order in which they came. */
export function* blocksOf(file: PartitionFile, partition: number): Generator<Uint32Array> {
  const { path, words, blocks, records } = file;
  const filled = Math.floor(blockWords / words) * words;
  const descriptor = openSync(path, 'r');
  try {
    let left = records[partition] * words;
    for (const block of blocks[partition]) {
      const part = new Uint32Array(Math.min(filled, left));
      readSync(descriptor, part, 0, part.byteLength, 4 * block * blockWords);
      left -= part.length;
      yield part;
    }
  } finally {
    closeSync(descriptor);
  }
}

export function recordsOf(file: PartitionFile, partition: number): Uint32Array {
  const all = new Uint32Array(file.records[partition] * file.words);
  let next = 0;
  for (const part of blocksOf(file, partition)) {
    all.set(part, next);
    next += part.length;
  }
  return all;
}

/** The keys of one partition. */
export function rangeOf({ from, to, shift }: PartitionFile, partition: number): { from: number; to: number } {
  return { from: from + partition * 2 ** shift, to: Math.min(to, from + (partition + 1) * 2 ** shift) };
}
