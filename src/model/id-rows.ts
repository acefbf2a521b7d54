import { degree, type Graph, pinsWithoutBoards } from '../graph/graph.js';
import type { PinTable } from '../graph/pin-table.js';
import type { FeatureSpec } from './spec.js';
import type { SparseMatrix } from './sparse-product.js';
import { hashText } from './text-features.js';
import type { Weight, Weights } from './weights.js';

/** [rows, 2] the two halves of the hash of each row's id, where every pin has a row to itself. */
export const knownIds = 'ids.known';

const half = 1 << 16;

/**
 * Which ids have rows of their own: those of the pins with boards, where there are no more of them than rows.
 * Otherwise nothing, and rows are found by hashing, several pins sharing one.
 */
export function fitIds(graph: Graph, { idBuckets }: FeatureSpec): Weights {
  const known = idsWithBoards(graph);
  return known.shape[0] <= idBuckets ? new Map([[knownIds, known]]) : new Map();
}

/** [rows, 2] a row for each pin with boards, in the pins' order, known by the hash of its id. */
export function idsWithBoards({ topology, pins }: Pick<Graph, 'topology' | 'pins'>): Weight {
  const hashes = new Set<number>();
  for (let pin = 0; pin < pins.size; pin++) if (degree(topology.pins, pin) > 0) hashes.add(hashText(pins.id(pin)));
  return rowsOfHashes([...hashes]);
}

/** Gives those pins rows that have boards in a grown graph and had none in the older one; old rows keep their place. */
export function growIds(fitted: Weights, graph: Graph, spec: FeatureSpec): Weights {
  const known = fitted.get(knownIds);
  if (!known) return fitted;
  const old = hashesOf(known);
  const isOld = new Set(old);
  const now = fitIds(graph, { ...spec, idBuckets: Number.POSITIVE_INFINITY }).get(knownIds) as Weight;
  const added = hashesOf(now).filter((hash) => !isOld.has(hash));
  return new Map([...fitted, [knownIds, rowsOfHashes([...old, ...added])]]);
}

/** Rows of the id table. */
export function idTableRows({ idBuckets }: FeatureSpec, fitted: Weights): number {
  return fitted.get(knownIds)?.shape[0] ?? idBuckets;
}

/** [pins, rows] the rows of each pin's id; a pin that training has not known has none where rows are exact. */
export function idRows(table: PinTable, spec: FeatureSpec, fitted: Weights): SparseMatrix {
  const known = fitted.get(knownIds);
  return known ? exactRows(table, known) : hashedRows(table, spec);
}

/** The row of each hash, found once for all who ask: pins may come one by one. */
const foundRows = new WeakMap<Weight, ReadonlyMap<number, number>>();

function rowsByHash(known: Weight): ReadonlyMap<number, number> {
  const found = foundRows.get(known) ?? new Map(hashesOf(known).map((hash, row) => [hash, row]));
  foundRows.set(known, found);
  return found;
}

/** [pins, rows] the row that each pin is known by; none for a pin that is not known. */
export function exactRows({ pins }: Pick<PinTable, 'pins'>, known: Weight): SparseMatrix {
  const rowOf = rowsByHash(known);
  const offsets = new Int32Array(pins.size + 1);
  const columns: number[] = [];
  for (let pin = 0; pin < pins.size; pin++) {
    const row = rowOf.get(hashText(pins.id(pin)));
    if (row !== undefined) columns.push(row);
    offsets[pin + 1] = columns.length;
  }
  return {
    shape: [pins.size, known.shape[0]],
    offsets,
    columns: Int32Array.from(columns),
    values: new Float32Array(columns.length).fill(1),
  };
}

/**
 * Two rows an id, so that pins which share one row seldom share both. With dropout, pins without boards have
 * none: what training has not told of them would only be noise, and the model knows pins without.
 */
function hashedRows({ pins, topology }: PinTable, { idBuckets: buckets, idDropout }: FeatureSpec): SparseMatrix {
  const values = new Float32Array(2 * pins.size).fill(Math.SQRT1_2);
  if (idDropout > 0) for (const pin of pinsWithoutBoards(topology.pins)) values.fill(0, 2 * pin, 2 * pin + 2);
  const columns = new Int32Array(2 * pins.size);
  for (let pin = 0; pin < pins.size; pin++)
    for (let salt = 0; salt < 2; salt++) columns[2 * pin + salt] = hashText(pins.id(pin), salt + 1) % buckets;
  return {
    shape: [pins.size, buckets],
    offsets: Int32Array.from({ length: pins.size + 1 }, (_, pin) => 2 * pin),
    columns,
    values,
  };
}

/** 32-bit hashes as halves, for a float holds 24 bits exactly. */
function rowsOfHashes(hashes: readonly number[]): Weight {
  const values = new Float32Array(2 * hashes.length);
  hashes.forEach((hash, row) => values.set([Math.floor(hash / half), hash % half], 2 * row));
  return { shape: [hashes.length, 2], values };
}

function hashesOf({ shape, values }: Weight): number[] {
  return Array.from({ length: shape[0] }, (_, row) => values[2 * row] * half + values[2 * row + 1]);
}
