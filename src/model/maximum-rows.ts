import type { SparseMatrix } from '../linear/sparse-matrix.js';

/**
 * Writes into each row of `out` the largest of its neighbours' values, column by column, and into `chosen` whose
 * it was, the first listed among equals. A neighbour is an entry above 0; a row without any gets 0 and -1.
 */
export function maximumInto(
  out: Float32Array,
  chosen: Int32Array,
  { offsets, columns, values }: SparseMatrix,
  x: Float32Array,
  width: number,
): void {
  chosen.fill(-1);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const start = row * width;
    let first = true;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      if (values[e] <= 0) continue;
      const source = columns[e];
      const from = source * width;
      for (let j = 0; j < width; j++) {
        if (!first && x[from + j] <= out[start + j]) continue;
        out[start + j] = x[from + j];
        chosen[start + j] = source;
      }
      first = false;
    }
    if (first) out.fill(0, start, start + width);
  }
}

/** Brings the gradient of maxima back to the rows that they were chosen from; `out` comes zeroed. */
export function maximumSlopesInto(out: Float32Array, dy: Float32Array, chosen: Int32Array, width: number): void {
  for (let start = 0; start < dy.length; start += width)
    for (let j = 0; j < width; j++) {
      const source = chosen[start + j];
      if (source >= 0) out[source * width + j] += dy[start + j];
    }
}
