/**
 * out[r] = Σ values[e] · x[columns[e]] for e in [offsets[r], offsets[r + 1]); x and out have `width` columns.
 * Sixteen sums stay in registers over a whole row.
 */
export function sparseProduct(
  offsets: usize,
  columns: usize,
  values: usize,
  x: usize,
  out: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  const sixteens = bytes & ~63;
  const fours = bytes & ~15;
  for (let row: usize = 0; row < rows; row++) {
    const from = (<usize>load<u32>(offsets + (row << 2))) << 2;
    const end = (<usize>load<u32>(offsets + (row << 2), 4)) << 2;
    for (let at: usize = 0; at < sixteens; at += 64) {
      let a = f32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      for (let e = from; e < end; e += 4) {
        const value = v128.load32_splat(values + e);
        const source = x + <usize>load<u32>(columns + e) * bytes + at;
        a = f32x4.add(a, f32x4.mul(value, v128.load(source)));
        b = f32x4.add(b, f32x4.mul(value, v128.load(source, 16)));
        c = f32x4.add(c, f32x4.mul(value, v128.load(source, 32)));
        d = f32x4.add(d, f32x4.mul(value, v128.load(source, 48)));
      }
      v128.store(out + at, a);
      v128.store(out + at, b, 16);
      v128.store(out + at, c, 32);
      v128.store(out + at, d, 48);
    }
    for (let at = sixteens; at < fours; at += 16) {
      let sums = f32x4.splat(0);
      for (let e = from; e < end; e += 4) {
        const source = x + <usize>load<u32>(columns + e) * bytes + at;
        sums = f32x4.add(sums, f32x4.mul(v128.load32_splat(values + e), v128.load(source)));
      }
      v128.store(out + at, sums);
    }
    for (let at = fours; at < bytes; at += 4) {
      let sum: f32 = 0;
      for (let e = from; e < end; e += 4)
        sum += load<f32>(values + e) * load<f32>(x + <usize>load<u32>(columns + e) * bytes + at);
      store<f32>(out + at, sum);
    }
    out += bytes;
  }
}
