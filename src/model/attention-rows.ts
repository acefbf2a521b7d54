import type { SparseMatrix } from './sparse-product.js';

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

/** Calls back with each entry that a query attends to, set after set: the set, its token, and its share's place. */
function eachEntry(
  sets: readonly TokenRows[],
  heads: number,
  row: number,
  visit: (memory: Float32Array, token: number, place: number, set: number) => void,
): void {
  let start = 0;
  sets.forEach(({ memory, attended: { offsets, columns, values } }, set) => {
    for (let e = offsets[row]; e < offsets[row + 1]; e++)
      if (values[e] > 0) visit(memory, columns[e], start + e * heads, set);
    start += columns.length * heads;
  });
}

/**
 * Writes Σ share · value into `out` [queries, width], head by head, with shares softmax(query · key / √columns of a
 * head) over all tokens of all sets; and the shares into `shares`, which has to be zeroed before. A query without a
 * token gives 0.
 */
export function attendInto(
  out: Float32Array,
  shares: Float32Array,
  { query, width, heads }: QueryRows,
  sets: readonly TokenRows[],
): void {
  const columns = width / heads;
  const scale = 1 / Math.sqrt(columns);
  const highest = new Float64Array(heads);
  const total = new Float64Array(heads);
  out.fill(0);
  for (let row = 0; row * width < query.length; row++) {
    const from = row * width;
    highest.fill(Number.NEGATIVE_INFINITY);
    total.fill(0);
    eachEntry(sets, heads, row, (memory, token, place) => {
      const key = token * 2 * width;
      for (let head = 0; head < heads; head++) {
        const end = (head + 1) * columns;
        let logit = 0;
        for (let j = head * columns; j < end; j++) logit += query[from + j] * memory[key + j];
        shares[place + head] = logit * scale;
        if (shares[place + head] > highest[head]) highest[head] = shares[place + head];
      }
    });
    eachEntry(sets, heads, row, (_memory, _token, place) => {
      for (let head = 0; head < heads; head++) {
        shares[place + head] = Math.exp(shares[place + head] - highest[head]);
        total[head] += shares[place + head];
      }
    });
    eachEntry(sets, heads, row, (memory, token, place) => {
      const value = (token * 2 + 1) * width;
      for (let head = 0; head < heads; head++) {
        const share = (shares[place + head] /= total[head]);
        const end = (head + 1) * columns;
        for (let j = head * columns; j < end; j++) out[from + j] += share * memory[value + j];
      }
    });
  }
}

/** The gradients of `attendInto`: writes that of the queries, and adds to zeroed ones of each set's memory. */
export function attendSlopesInto(
  querySlopes: Float32Array,
  memorySlopes: readonly Float32Array[],
  dy: Float32Array,
  shares: Float32Array,
  { query, width, heads }: QueryRows,
  sets: readonly TokenRows[],
): void {
  const columns = width / heads;
  const scale = 1 / Math.sqrt(columns);
  // Σ share · (dy · value) by head: what the softmax takes off each token's own.
  const mean = new Float64Array(heads);
  querySlopes.fill(0);
  for (let row = 0; row * width < query.length; row++) {
    const from = row * width;
    mean.fill(0);
    const along = (memory: Float32Array, token: number, head: number): number => {
      const value = (token * 2 + 1) * width;
      let sum = 0;
      for (let j = head * columns; j < (head + 1) * columns; j++) sum += dy[from + j] * memory[value + j];
      return sum;
    };
    eachEntry(sets, heads, row, (memory, token, place) => {
      for (let head = 0; head < heads; head++) mean[head] += shares[place + head] * along(memory, token, head);
    });
    eachEntry(sets, heads, row, (memory, token, place, set) => {
      const slopes = memorySlopes[set];
      const key = token * 2 * width;
      for (let head = 0; head < heads; head++) {
        const share = shares[place + head];
        const slope = share * (along(memory, token, head) - mean[head]) * scale;
        for (let j = head * columns; j < (head + 1) * columns; j++) {
          querySlopes[from + j] += slope * memory[key + j];
          slopes[key + j] += slope * query[from + j];
          slopes[key + width + j] += share * dy[from + j];
        }
      }
    });
  }
}
