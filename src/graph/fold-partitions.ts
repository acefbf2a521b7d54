import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { rowOfEachEdge } from './adjacency.js';
import { ColumnWriter } from './column-file.js';
import { columnsOfRecords, recordLayout } from './edge-records.js';
import type { EdgeKinds, StoredEdgeColumns } from './edges-file.js';
import { countingOrder, foldInOrder } from './fold-edges.js';
import type { Side } from './graph.js';
import { blocksOf, type PartitionFile, PartitionWriter, rangeOf, recordsOf } from './partition-file.js';

/** How large one direction came out. */
export interface FoldedSize {
  rows: number;
  edges: number;
}

/** Where its offsets, neighbours and columns lie, each as it would in memory. */
export interface FoldedFiles {
  offsets: string;
  neighbours: string;
  addedAt?: string;
  weight?: string;
  codes?: string;
}

export function foldedFiles(folder: string, side: Side, kinds: EdgeKinds): FoldedFiles {
  const path = (column: string): string => join(folder, `${side}.${column}`);
  return {
    offsets: path('offsets'),
    neighbours: path('neighbours'),
    addedAt: kinds.addedAt ? path('addedAt') : undefined,
    weight: kinds.weight ? path('weight') : undefined,
    codes: kinds.sections.length > 0 ? path('codes') : undefined,
  };
}

export interface PartitionFolding {
  kinds: EdgeKinds;
  files: FoldedFiles;
  /** How many nodes there are at the other end; 0 where each row's edges come ascending and distinct. */
  others: number;
  /** Edges that may be in memory at once. */
  most: number;
  /** Is given what a partition came to: every kept edge by its key, its other end and its columns. */
  onFolded?: (keys: Uint32Array, others: Uint32Array, columns: StoredEdgeColumns) => void;
  onRecords: (done: number) => void;
}

/** Most bits sorted in one pass: its counters stay in the processor's nearest cache. */
const digitBits = 12;

/** Positions in ascending order of some bits of the values, equal ones in the order of `within`, or as they come. */
function digitOrder(values: Uint32Array, shift: number, bits: number, within?: Uint32Array): Uint32Array {
  const mask = 2 ** bits - 1;
  const next = new Uint32Array(2 ** bits + 1);
  for (let e = 0; e < values.length; e++) next[((values[e] >>> shift) & mask) + 1]++;
  for (let digit = 0; digit < mask; digit++) next[digit + 1] += next[digit];
  const order = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const e = within ? within[i] : i;
    order[next[(values[e] >>> shift) & mask]++] = e;
  }
  return order;
}

/** Positions in ascending order of (key, other), by least significant digits of `others` first. */
function sortedOrder(keys: Uint32Array, keyCount: number, others: Uint32Array, otherCount: number): Uint32Array {
  const bits = Math.ceil(Math.log2(Math.max(1, otherCount)));
  const passes = Math.ceil(bits / digitBits);
  const each = Math.ceil(bits / Math.max(1, passes));
  let order: Uint32Array | undefined;
  for (let pass = 0; pass < passes; pass++) order = digitOrder(others, pass * each, each, order);
  return countingOrder(keys, keyCount, order);
}

interface Partition {
  from: number;
  to: number;
  records: Uint32Array;
}

/** The partitions in the order of their keys; one of more records than `most` is dealt out again, by finer ranges. */
function* partitionsOf(file: PartitionFile, most: number): Generator<Partition> {
  for (const [partition, count] of file.records.entries()) {
    const range = rangeOf(file, partition);
    if (count <= most || range.to - range.from === 1) {
      yield { ...range, records: recordsOf(file, partition) };
      continue;
    }
    const path = `${file.path}.${partition}`;
    const writer = new PartitionWriter(path, range, file.words, count, most);
    for (const block of blocksOf(file, partition))
      for (let at = 0; at < block.length; at += file.words)
        writer.buffer.set(block.subarray(at, at + file.words), writer.place(block[at]));
    yield* partitionsOf(writer.finish(), most);
    rmSync(path);
  }
}

/** Sorts and folds one partition after another, and appends what comes out to files. */
export function foldPartitions(file: PartitionFile, options: PartitionFolding): FoldedSize {
  const { kinds, files, others: otherCount, most, onFolded, onRecords } = options;
  const layout = recordLayout(kinds);
  const folded = { rows: file.to - file.from, edges: 0 };
  const neighbours = new ColumnWriter(files.neighbours);
  const addedAt = files.addedAt && new ColumnWriter(files.addedAt);
  const weight = files.weight && new ColumnWriter(files.weight);
  const codes = files.codes && new ColumnWriter(files.codes);
  const offsets = new Uint32Array(folded.rows + 1);
  let done = 0;
  for (const { from, to, records } of partitionsOf(file, most)) {
    const { keys, others, columns } = columnsOfRecords(records, layout, kinds.sections);
    for (let e = 0; e < keys.length; e++) keys[e] -= from;
    const order = sortedOrder(keys, to - from, others, otherCount);
    const kept = foldInOrder(order, { boards: keys, pins: others }, columns, to - from);
    neighbours.append(kept.rows.neighbours);
    if (addedAt && kept.columns.addedAt) addedAt.append(kept.columns.addedAt);
    if (weight && kept.columns.weight) weight.append(kept.columns.weight);
    if (codes && kept.columns.sections) codes.append(kept.columns.sections.codes);
    for (let row = from; row < to; row++) offsets[row + 1] = folded.edges + kept.rows.offsets[row - from + 1];
    if (onFolded) onFolded(rowOfEachEdge(kept.rows, from), kept.rows.neighbours, kept.columns);
    folded.edges += kept.rows.neighbours.length;
    done += keys.length;
    onRecords(done);
  }
  for (const column of [neighbours, addedAt, weight, codes]) if (column) column.finish();
  const rows = new ColumnWriter(files.offsets);
  rows.append(offsets);
  rows.finish();
  return folded;
}
