import { bytesOf } from '../data/byte-size.js';
import { BoardwalkError } from '../errors.js';
import type { EdgeKinds } from './edges-file.js';

/** How a build's memory is shared out; the parts are used one after the other more than side by side. */
export interface MemoryBudget {
  /** Limit of the database, as it reads it. */
  database: string;
  databaseBytes: number;
  /** Limit of the database while edges are folded: it has nothing to do then but to hold what it knows. */
  idleDatabase: string;
  /** Bytes for edges that are sorted and folded at once. */
  folding: number;
}

/** The program itself, with the young objects of the collector between two collections. */
const programBytes = 300e6;
const least = 600e6;

/** Shares of what the program leaves. The database takes up to a quarter more than its limit for a while. */
const databaseShare = 0.55;
const foldingShare = 0.3;

const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)}MB`;

/** Shares out the memory that the whole process may take, as `4GB`. */
export function memoryBudget(memory: string): MemoryBudget {
  const total = bytesOf(memory);
  if (total < least)
    throw new BoardwalkError('bad_option', `--memory ${memory} is too little. Give at least ${inMegabytes(least)}.`, {
      field: 'memory',
    });
  const free = total - programBytes;
  return {
    database: inMegabytes(databaseShare * free),
    databaseBytes: databaseShare * free,
    idleDatabase: inMegabytes(Math.min(databaseShare * free, 256e6)),
    folding: foldingShare * free,
  };
}

/** Most bytes that an edge takes while all are folded in memory: as read, ordered, folded and turned round. */
export function foldingBytes(kinds: EdgeKinds): number {
  return 28 + 3 * columnBytes(kinds);
}

/** Bytes of an edge's columns. */
export function columnBytes({ addedAt, weight, sections }: EdgeKinds): number {
  return (addedAt ? 8 : 0) + (weight ? 4 : 0) + (sections.length > 0 ? 4 : 0);
}
