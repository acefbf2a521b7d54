/** A matrix on the host, row-major. */
export interface Rows {
  readonly width: number;
  readonly values: Float32Array;
}

/** Some rows of a matrix, in the order asked for, copied to `taken`. */
export function takeRows(
  { width, values }: Rows,
  rows: Uint32Array,
  taken: Float32Array = new Float32Array(rows.length * width),
): Rows {
  for (let i = 0; i < rows.length; i++) taken.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return { width, values: taken };
}
