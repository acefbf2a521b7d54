import { degree, type Graph, pinsWithoutBoards } from '../graph/graph.js';
import type { PinTable } from '../graph/pin-table.js';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import { knownHashes, rowsByHash, withMoreHashes } from './known-hashes.js';
import type { FeatureSpec } from './spec.js';
import { hashText } from './text-features.js';
import type { Weight, Weights } from './weights.js';

/** [rows, parts] the hash of each row's id, where every pin has a row to itself. */
export const knownIds = 'ids.known';

/**
 * An id's hash has 48 bits. Of 32, one graph of 27,000 pins in twelve has two that share one, and a million pins have
 * some hundred such pairs. Older models know ids by 32.
 */
const hashParts = 3;

function hashOfId(id: string, parts: number): number {
  const hash = hashText(id);
  return parts < hashParts ? hash : hash * 2 ** 16 + (hashText(id, 1) >>> 16);
}

/**
 * Which ids have rows of their own: those of the pins with boards, where there are no more of them than rows.
 * Otherwise nothing, and rows are found by hashing, several pins sharing one.
 */
export function fitIds(graph: Graph, { idBuckets }: FeatureSpec): Weights {
  const known = idsWithBoards(graph);
  return known.shape[0] <= idBuckets ? new Map([[knownIds, known]]) : new Map();
}

function hashesWithBoards({ topology, pins }: Pick<Graph, 'topology' | 'pins'>, parts: number): number[] {
  const hashes = new Set<number>();
  for (let pin = 0; pin < pins.size; pin++)
    if (degree(topology.pins, pin) > 0) hashes.add(hashOfId(pins.id(pin), parts));
  return [...hashes];
}

/** [rows, 3] a row for each pin with boards, in the pins' order, known by the hash of its id. */
export function idsWithBoards(graph: Pick<Graph, 'topology' | 'pins'>): Weight {
  return knownHashes(hashesWithBoards(graph, hashParts), hashParts);
}

/** Gives those pins rows that have boards in a grown graph and had none in the older one; old rows keep their place. */
export function growIds(fitted: Weights, graph: Graph): Weights {
  const known = fitted.get(knownIds);
  if (!known) return fitted;
  return new Map([...fitted, [knownIds, withMoreHashes(known, hashesWithBoards(graph, known.shape[1]))]]);
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

/** [pins, rows] the row that each pin is known by; none for a pin that is not known. */
export function exactRows({ pins }: Pick<PinTable, 'pins'>, known: Weight): SparseMatrix {
  const rowOf = rowsByHash(known);
  const offsets = new Int32Array(pins.size + 1);
  const columns: number[] = [];
  for (let pin = 0; pin < pins.size; pin++) {
    const row = rowOf.get(hashOfId(pins.id(pin), known.shape[1]));
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
