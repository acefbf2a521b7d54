/**
 * Inner product of `length` numbers of `x` from `p` on and of `y` from `q` on, in four independent sums, so that no
 * addition waits for the one before. For single precision alone: code that sees two types of array is slow.
 */
export function dot(x: Float32Array, p: number, y: Float32Array, q: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
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
