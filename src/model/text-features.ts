import { characterGramsOf } from '../character-grams.js';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import { mix32 } from '../random.js';

export interface TextOptions {
  /** Rows of the table that n-grams are hashed into. */
  buckets: number;
  /** Longest character n-gram, from 3; 0 for words alone. */
  characterGrams: number;
  wordPairs: boolean;
  /** Words hold their combining marks, vowel signs among them; without, they end at each. */
  wordMarks: boolean;
}

const word = /[\p{L}\p{N}]+/gu;
const markedWord = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/** A 32-bit hash of a string's UTF-16 code units; stable across machines, for it names rows of a saved table. */
export function hashText(text: string, salt = 0): number {
  let hash = mix32(salt + 0x811c9dc5);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix32(hash);
}

/** A text's n-grams: lower-case words, and as asked pairs of words and character n-grams within a word. */
export function* gramsOf(
  text: string,
  { characterGrams, wordPairs, wordMarks }: Omit<TextOptions, 'buckets'>,
): Generator<string> {
  let previous: string | undefined;
  for (const [found] of text
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(wordMarks ? markedWord : word)) {
    yield found;
    if (wordPairs && previous !== undefined) yield `${previous} ${found}`;
    previous = found;
    yield* characterGramsOf(found, characterGrams);
  }
}

/** Counts of hashed n-grams, one row a text, columns ascending. */
export function countGrams(texts: Iterable<string>, options: TextOptions): SparseMatrix {
  const offsets = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (const text of texts) {
    const counts = new Map<number, number>();
    for (const gram of gramsOf(text, options)) {
      const bucket = hashText(gram) % options.buckets;
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    for (const [bucket, count] of [...counts].sort(([a], [b]) => a - b)) {
      columns.push(bucket);
      values.push(count);
    }
    offsets.push(columns.length);
  }
  return {
    shape: [offsets.length - 1, options.buckets],
    offsets: Int32Array.from(offsets),
    columns: Int32Array.from(columns),
    values: Float32Array.from(values),
  };
}

/** log((1 + texts) / (1 + texts that hold the bucket)) + 1. */
export function inverseDocumentFrequency({ shape, columns }: SparseMatrix): Float32Array {
  const [texts, buckets] = shape;
  const held = new Uint32Array(buckets);
  for (const bucket of columns) held[bucket]++;
  return Float32Array.from(held, (count) => Math.log((1 + texts) / (1 + count)) + 1);
}

/** Sublinear TF-IDF, (1 + log count) · idf, each row of length 1. */
export function weighByIdf(counts: SparseMatrix, idf: Float32Array): SparseMatrix {
  const { offsets, columns } = counts;
  const values = counts.values.map((count, e) => (1 + Math.log(count)) * idf[columns[e]]);
  for (let row = 0; row + 1 < offsets.length; row++) {
    let square = 0;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) square += values[e] * values[e];
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) values[e] *= scale;
  }
  return { ...counts, values };
}

/** The heaviest entries of each row, `most` of them at most, or all where that is 0; rows that lose any have length 1 again. */
export function heaviest(weighed: SparseMatrix, most: number): SparseMatrix {
  if (most === 0) return weighed;
  const offsets = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (let row = 0; row + 1 < weighed.offsets.length; row++) {
    const kept = heaviestEntries(weighed, row, most);
    const isWhole = kept.length === weighed.offsets[row + 1] - weighed.offsets[row];
    const scale = isWhole ? 1 : 1 / Math.hypot(...kept.map((entry) => weighed.values[entry]));
    for (const entry of kept) {
      columns.push(weighed.columns[entry]);
      values.push(weighed.values[entry] * scale);
    }
    offsets.push(columns.length);
  }
  return {
    shape: weighed.shape,
    offsets: Int32Array.from(offsets),
    columns: Int32Array.from(columns),
    values: Float32Array.from(values),
  };
}

/** Numbers of entries in the order that they have; of equal ones the first are kept. */
function heaviestEntries({ offsets, values }: SparseMatrix, row: number, most: number): number[] {
  const entries = Array.from({ length: offsets[row + 1] - offsets[row] }, (_, i) => offsets[row] + i);
  if (entries.length <= most) return entries;
  return entries
    .toSorted((a, b) => values[b] - values[a])
    .slice(0, most)
    .sort((a, b) => a - b);
}
