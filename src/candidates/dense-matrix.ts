/** A dense matrix, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns]. */
  readonly values: Float32Array;
}

export function matrix(rows: number, columns: number, values: Float32Array = new Float32Array(rows * columns)): Matrix {
  return { rows, columns, values };
}

/**
 * A · Bᵀ: the inner product of every row of A with every row of B, [A.rows, B.rows]. Tiles of 4 rows by 4
 * keep 16 sums in registers for 8 loads, about three times the speed of one dot product after another.
 */
export function rowProducts(a: Matrix, b: Matrix, out: Matrix = matrix(a.rows, b.rows)): Matrix {
  const n = a.columns;
  const x = a.values;
  const y = b.values;
  const z = out.values;
  const wholeA = a.rows - (a.rows % 4);
  const wholeB = b.rows - (b.rows % 4);
  for (let j = 0; j < wholeB; j += 4) {
    for (let i = 0; i < wholeA; i += 4) {
      let p = i * n;
      let q = j * n;
      let s00 = 0,
        s01 = 0,
        s02 = 0,
        s03 = 0;
      let s10 = 0,
        s11 = 0,
        s12 = 0,
        s13 = 0;
      let s20 = 0,
        s21 = 0,
        s22 = 0,
        s23 = 0;
      let s30 = 0,
        s31 = 0,
        s32 = 0,
        s33 = 0;
      for (const end = p + n; p < end; p++, q++) {
        const x0 = x[p],
          x1 = x[p + n],
          x2 = x[p + 2 * n],
          x3 = x[p + 3 * n];
        const y0 = y[q],
          y1 = y[q + n],
          y2 = y[q + 2 * n],
          y3 = y[q + 3 * n];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
        s20 += x2 * y0;
        s21 += x2 * y1;
        s22 += x2 * y2;
        s23 += x2 * y3;
        s30 += x3 * y0;
        s31 += x3 * y1;
        s32 += x3 * y2;
        s33 += x3 * y3;
      }
      let o = i * b.rows + j;
      z[o] = s00;
      z[o + 1] = s01;
      z[o + 2] = s02;
      z[o + 3] = s03;
      o += b.rows;
      z[o] = s10;
      z[o + 1] = s11;
      z[o + 2] = s12;
      z[o + 3] = s13;
      o += b.rows;
      z[o] = s20;
      z[o + 1] = s21;
      z[o + 2] = s22;
      z[o + 3] = s23;
      o += b.rows;
      z[o] = s30;
      z[o + 1] = s31;
      z[o + 2] = s32;
      z[o + 3] = s33;
    }
    for (let i = wholeA; i < a.rows; i++)
      for (let k = j; k < j + 4; k++) z[i * b.rows + k] = dot(x, i * n, y, k * n, n);
  }
  for (let k = wholeB; k < b.rows; k++) for (let i = 0; i < a.rows; i++) z[i * b.rows + k] = dot(x, i * n, y, k * n, n);
  return out;
}

/** Inner product of `length` numbers of `x` from `p` and of `y` from `q`, in four independent sums. */
export function dot(x: Float32Array, p: number, y: Float32Array, q: number, length: number): number {
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += x[p + i] * y[q + i];
    s1 += x[p + i + 1] * y[q + i + 1];
    s2 += x[p + i + 2] * y[q + i + 2];
    s3 += x[p + i + 3] * y[q + i + 3];
  }
  for (; i < length; i++) s0 += x[p + i] * y[q + i];
  return s0 + s1 + s2 + s3;
}

/** Aᵀ · A in double precision, [columns, columns], by blocks of rows that stay in the second-level cache. */
export function gram({ rows, columns, values }: Matrix): Float64Array {
  const out = new Float64Array(columns * columns);
  const block = 64;
  const whole = columns - (columns % 4);
  for (let from = 0; from < rows; from += block) {
    const to = Math.min(rows, from + block);
    for (let i = 0; i < whole; i += 4) for (let j = 0; j <= i; j += 4) gramTile(values, columns, from, to, i, j, out);
    for (let i = whole; i < columns; i++)
      for (let j = 0; j <= i; j++)
        for (let r = from; r < to; r++) out[i * columns + j] += values[r * columns + i] * values[r * columns + j];
  }
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) out[j * columns + i] = out[i * columns + j];
  return out;
}

function gramTile(
  values: Float32Array,
  columns: number,
  from: number,
  to: number,
  i: number,
  j: number,
  out: Float64Array,
): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  for (let r = from; r < to; r++) {
    const p = r * columns + i;
    const q = r * columns + j;
    const x0 = values[p],
      x1 = values[p + 1],
      x2 = values[p + 2],
      x3 = values[p + 3];
    const y0 = values[q],
      y1 = values[q + 1],
      y2 = values[q + 2],
      y3 = values[q + 3];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  let o = i * columns + j;
  out[o] += s00;
  out[o + 1] += s01;
  out[o + 2] += s02;
  out[o + 3] += s03;
  o += columns;
  out[o] += s10;
  out[o + 1] += s11;
  out[o + 2] += s12;
  out[o + 3] += s13;
  o += columns;
  out[o] += s20;
  out[o + 1] += s21;
  out[o + 2] += s22;
  out[o + 3] += s23;
  o += columns;
  out[o] += s30;
  out[o + 1] += s31;
  out[o + 2] += s32;
  out[o + 3] += s33;
}
