import { dot } from '../linear/inner-product.js';
import type { SparseMatrix } from '../linear/sparse-matrix.js';

/** Tokens that queries may attend to, on the host. */
export interface TokenRows {
  /** [tokens, 2 · width]: a token's key, then its value. */
  readonly memory: Float32Array;
  /** [queries, tokens] Entries above 0 are attended to, whatever their size; the others are padding. */
  readonly attended: SparseMatrix;
}

/** Queries [queries, width], each of whose `heads` heads has width / heads columns. */
export interface QueryRows {
  readonly query: Float32Array;
  readonly width: number;
  readonly heads: number;
}

/** Floats that the shares of attention take: one an entry and head, over all sets of tokens. */
export function shareCount(sets: readonly { readonly attended: SparseMatrix }[], heads: number): number {
  return sets.reduce((sum, { attended }) => sum + attended.columns.length * heads, 0);
}

/** What one query attends to, entry after entry: found once a row, for several passes read it. */
class Entries {
  readonly #sets: readonly TokenRows[];
  /** Of each entry: its set, its token, and its number among the entries of all rows and sets. */
  readonly set: Int32Array;
  readonly token: Int32Array;
  readonly number: Int32Array;
  count = 0;

  constructor(sets: readonly TokenRows[]) {
    const longest = sets.reduce((sum, { attended }) => sum + longestRow(attended), 0);
    this.#sets = sets;
    this.set = new Int32Array(longest);
    this.token = new Int32Array(longest);
    this.number = new Int32Array(longest);
  }

  read(row: number): void {
    this.count = 0;
    let start = 0;
    for (let set = 0; set < this.#sets.length; set++) {
      const { offsets, columns, values } = this.#sets[set].attended;
      for (let e = offsets[row]; e < offsets[row + 1]; e++) {
        if (values[e] <= 0) continue;
        this.set[this.count] = set;
        this.token[this.count] = columns[e];
        this.number[this.count++] = start + e;
      }
      start += columns.length;
    }
  }
}

function longestRow({ offsets }: SparseMatrix): number {
  let longest = 0;
  for (let row = 0; row + 1 < offsets.length; row++) longest = Math.max(longest, offsets[row + 1] - offsets[row]);
  return longest;
}

/**
 * Writes Σ share · value into `out` [queries, width], head by head, with shares softmax(query · key / √columns of a
 * head) over all tokens of all sets; and the shares into `shares`, which has to be zeroed before. A query without a
 * token gives 0.
 */
export function attendInto(
  out: Float32Array,
  shares: Float32Array,
  queries: QueryRows,
  sets: readonly TokenRows[],
): void {
  const { query, width, heads } = queries;
  const columns = width / heads;
  const scale = 1 / Math.sqrt(columns);
  const entries = new Entries(sets);
  const { set, token, number } = entries;
  out.fill(0);
  for (let row = 0; row * width < query.length; row++) {
    entries.read(row);
    for (let head = 0; head < heads; head++) {
      const from = row * width + head * columns;
      let highest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < entries.count; i++) {
        const logit = scale * dot(query, from, sets[set[i]].memory, token[i] * 2 * width + head * columns, columns);
        shares[number[i] * heads + head] = logit;
        if (logit > highest) highest = logit;
      }
      let total = 0;
      for (let i = 0; i < entries.count; i++)
        total += shares[number[i] * heads + head] = Math.exp(shares[number[i] * heads + head] - highest);
      for (let i = 0; i < entries.count; i++) {
        const share = (shares[number[i] * heads + head] /= total);
        const { memory } = sets[set[i]];
        const value = (token[i] * 2 + 1) * width + head * columns;
        for (let j = 0; j < columns; j++) out[from + j] += share * memory[value + j];
      }
    }
  }
}

/** The gradients of `attendInto`: writes that of the queries, and adds to zeroed ones of each set's memory. */
export function attendSlopesInto(
  querySlopes: Float32Array,
  memorySlopes: readonly Float32Array[],
  dy: Float32Array,
  shares: Float32Array,
  queries: QueryRows,
  sets: readonly TokenRows[],
): void {
  const { query, width, heads } = queries;
  const columns = width / heads;
  const scale = 1 / Math.sqrt(columns);
  const entries = new Entries(sets);
  const { set, token, number } = entries;
  const along = new Float64Array(entries.set.length);
  querySlopes.fill(0);
  for (let row = 0; row * width < query.length; row++) {
    entries.read(row);
    for (let head = 0; head < heads; head++) {
      const from = row * width + head * columns;
      // Σ share · (dy · value): what the softmax takes off each token's own.
      let mean = 0;
      for (let i = 0; i < entries.count; i++) {
        along[i] = dot(dy, from, sets[set[i]].memory, (token[i] * 2 + 1) * width + head * columns, columns);
        mean += shares[number[i] * heads + head] * along[i];
      }
      for (let i = 0; i < entries.count; i++) {
        const share = shares[number[i] * heads + head];
        const slope = share * (along[i] - mean) * scale;
        const { memory } = sets[set[i]];
        const slopes = memorySlopes[set[i]];
        const start = token[i] * 2 * width + head * columns;
        for (let j = 0; j < columns; j++) {
          querySlopes[from + j] += slope * memory[start + j];
          slopes[start + j] += slope * query[from + j];
          slopes[start + width + j] += share * dy[from + j];
        }
      }
    }
  }
}
