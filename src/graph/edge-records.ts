import type { EdgeChunk } from './edge-chunks.js';
import type { EdgeKinds, StoredEdgeColumns } from './edges-file.js';
import type { PartitionWriter } from './partition-file.js';

/** How an edge lies in a partition: its key, its other end and its columns, in 32-bit words. */
export interface RecordLayout {
  words: number;
  /** The word at which a column begins; 0 where there is none. */
  addedAt: number;
  weight: number;
  code: number;
}

export function recordLayout({ addedAt, weight, sections }: EdgeKinds): RecordLayout {
  let words = 2;
  const take = (wanted: boolean, size: number): number => {
    if (!wanted) return 0;
    words += size;
    return words - size;
  };
  // Read from left to right: the times come first.
  const layout = { addedAt: take(addedAt, 2), weight: take(weight, 1), code: take(sections.length > 0, 1) };
  return { words, ...layout };
}

const wordsOf = (column: Float64Array | Float32Array): Uint32Array =>
  new Uint32Array(column.buffer, column.byteOffset, column.byteLength / 4);

/** Deals edges out by their `keys`, which are the boards or the pins, with `others` at the other end. */
export function dealEdges(
  writer: PartitionWriter,
  layout: RecordLayout,
  keys: Uint32Array,
  others: Uint32Array,
  columns: Pick<EdgeChunk, 'addedAt' | 'weight' | 'codes'>,
): void {
  const { buffer } = writer;
  const times = columns.addedAt && wordsOf(columns.addedAt);
  const weights = columns.weight && wordsOf(columns.weight);
  const { codes } = columns;
  for (let e = 0; e < keys.length; e++) {
    const at = writer.place(keys[e]);
    buffer[at] = keys[e];
    buffer[at + 1] = others[e];
    if (times) {
      buffer[at + layout.addedAt] = times[2 * e];
      buffer[at + layout.addedAt + 1] = times[2 * e + 1];
    }
    if (weights) buffer[at + layout.weight] = weights[e];
    if (codes) buffer[at + layout.code] = codes[e];
  }
}

/** Every `words`-th word from `first` on. */
function wordAt(records: Uint32Array, first: number, words: number): Uint32Array {
  const column = new Uint32Array(records.length / words);
  for (let row = 0, at = first; row < column.length; row++, at += words) column[row] = records[at];
  return column;
}

/** A partition's records as columns again. */
export function columnsOfRecords(
  records: Uint32Array,
  layout: RecordLayout,
  sectionNames: readonly string[],
): { keys: Uint32Array; others: Uint32Array; columns: StoredEdgeColumns } {
  const { words, addedAt, weight, code } = layout;
  const column = (first: number): Uint32Array => wordAt(records, first, words);
  const times = addedAt > 0 ? new Float64Array(records.length / words) : undefined;
  if (times) {
    const halves = wordsOf(times);
    for (let row = 0, at = addedAt; row < times.length; row++, at += words) {
      halves[2 * row] = records[at];
      halves[2 * row + 1] = records[at + 1];
    }
  }
  return {
    keys: column(0),
    others: column(1),
    columns: {
      addedAt: times,
      weight: weight > 0 ? new Float32Array(column(weight).buffer) : undefined,
      sections: code > 0 ? { names: sectionNames, codes: column(code) } : undefined,
    },
  };
}
