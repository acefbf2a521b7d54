import type { Weight } from './weights.js';

const half = 1 << 16;

/** [hashes, 2] which hash has which row of a table, as an array to keep with it: in halves, for a float holds 24 bits exactly. */
export function knownHashes(hashes: readonly number[]): Weight {
  const values = new Float32Array(2 * hashes.length);
  hashes.forEach((hash, row) => values.set([Math.floor(hash / half), hash % half], 2 * row));
  return { shape: [hashes.length, 2], values };
}

/** Gives rows behind the old ones to those of the hashes that had none; the same array where all have. */
export function withMoreHashes(known: Weight, hashes: readonly number[]): Weight {
  const rows = rowsByHash(known);
  const added = hashes.filter((hash) => !rows.has(hash));
  return added.length === 0 ? known : knownHashes([...rows.keys(), ...added]);
}

/** The row of each hash, found once for all who ask: pins may come one by one. */
const foundRows = new WeakMap<Weight, ReadonlyMap<number, number>>();

export function rowsByHash(known: Weight): ReadonlyMap<number, number> {
  const found = foundRows.get(known) ?? new Map(hashesOf(known).map((hash, row) => [hash, row]));
  foundRows.set(known, found);
  return found;
}

function hashesOf({ shape, values }: Weight): number[] {
  return Array.from({ length: shape[0] }, (_, row) => values[2 * row] * half + values[2 * row + 1]);
}
