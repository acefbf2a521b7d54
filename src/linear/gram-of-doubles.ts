/**
 * The products with each other of the columns of [rows, dimension], in doubles throughout. Each is read and written once
 * for four rows.
 */
export function gramOfDoubles(values: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(dimension * dimension);
  const rows = dimension === 0 ? 0 : values.length / dimension;
  for (let row = 0; row < rows; row += 4) {
    // Past the last row, the last one counts 0 times.
    const [p, q, r, s] = [0, 1, 2, 3].map((k) => Math.min(row + k, rows - 1) * dimension);
    const [, second, third, fourth] = [0, 1, 2, 3].map((k) => Number(row + k < rows));
    for (let i = 0; i < dimension; i++) {
      const [a, b, c, d] = [values[p + i], second * values[q + i], third * values[r + i], fourth * values[s + i]];
      for (let j = 0, at = i * dimension; j <= i; j++, at++)
        out[at] = out[at] + a * values[p + j] + b * values[q + j] + c * values[r + j] + d * values[s + j];
    }
  }
  for (let i = 0; i < dimension; i++) for (let j = 0; j < i; j++) out[j * dimension + i] = out[i * dimension + j];
  return out;
}
