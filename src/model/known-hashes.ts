import type { Weight } from './weights.js';

const bitsOfPart = 16;
const partSize = 2 ** bitsOfPart;

/**
 * [hashes, parts] which hash, a whole number below 2 ** (16 · parts), has which row of a table, as an array to keep with
 * it: in parts of 16 bits, for a float holds 24 exactly.
 */
export function knownHashes(hashes: readonly number[], parts = 2): Weight {
  const values = new Float32Array(parts * hashes.length);
  hashes.forEach((hash, row) => {
    for (let part = parts - 1, rest = hash; part >= 0; part--, rest = Math.floor(rest / partSize))
      values[parts * row + part] = rest % partSize;
  });
  return { shape: [hashes.length, parts], values };
}

/** Gives rows behind the old ones to those of the hashes that had none; the same array where all have. */
export function withMoreHashes(known: Weight, hashes: readonly number[]): Weight {
  const rows = rowsByHash(known);
  const added = hashes.filter((hash) => !rows.has(hash));
  return added.length === 0 ? known : knownHashes([...rows.keys(), ...added], known.shape[1]);
}

/** The row of each hash, found once for all who ask: pins may come one by one. */
const foundRows = new WeakMap<Weight, ReadonlyMap<number, number>>();

export function rowsByHash(known: Weight): ReadonlyMap<number, number> {
  const found = foundRows.get(known) ?? new Map(hashesOf(known).map((hash, row) => [hash, row]));
  foundRows.set(known, found);
  return found;
}

function hashesOf({ shape: [hashes, parts], values }: Weight): number[] {
  return Array.from({ length: hashes }, (_, row) =>
    values.subarray(parts * row, parts * (row + 1)).reduce((hash, part) => hash * partSize + part, 0),
  );
}
