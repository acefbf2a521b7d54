/** Keeps a zero row from dividing by zero; far below any real norm. */
const smallestSquare: f32 = 1e-12;

// @ts-ignore: decorator
@inline
function lanesSum(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

function dot(a: usize, b: usize, width: usize): f32 {
  const whole = (width & ~3) << 2;
  let sums = f32x4.splat(0);
  for (let at: usize = 0; at < whole; at += 16)
    sums = f32x4.add(sums, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  let sum = lanesSum(sums);
  for (let at = whole; at < width << 2; at += 4) sum += load<f32>(a + at) * load<f32>(b + at);
  return sum;
}

/** out = x / ‖x‖ by row, and the norms. */
export function unitRows(x: usize, out: usize, norms: usize, rows: usize, width: usize): void {
  const bytes = width << 2;
  const whole = bytes & ~15;
  for (let row: usize = 0; row < rows; row++) {
    const norm = sqrt<f32>(dot(x, x, width) + smallestSquare);
    const divisor = f32x4.splat(norm);
    store<f32>(norms + (row << 2), norm);
    for (let at: usize = 0; at < whole; at += 16) v128.store(out + at, f32x4.div(v128.load(x + at), divisor));
    for (let at = whole; at < bytes; at += 4) store<f32>(out + at, load<f32>(x + at) / norm);
    x += bytes;
    out += bytes;
  }
}

/** The gradient of x / ‖x‖: (dy − unit · (dy · unit)) / ‖x‖ by row. */
export function unitRowsSlopes(dy: usize, unit: usize, norms: usize, out: usize, rows: usize, width: usize): void {
  const bytes = width << 2;
  const whole = bytes & ~15;
  for (let row: usize = 0; row < rows; row++) {
    const along = dot(dy, unit, width);
    const norm = load<f32>(norms + (row << 2));
    const factor = f32x4.splat(along);
    const divisor = f32x4.splat(norm);
    for (let at: usize = 0; at < whole; at += 16) {
      const across = f32x4.sub(v128.load(dy + at), f32x4.mul(v128.load(unit + at), factor));
      v128.store(out + at, f32x4.div(across, divisor));
    }
    for (let at = whole; at < bytes; at += 4)
      store<f32>(out + at, (load<f32>(dy + at) - load<f32>(unit + at) * along) / norm);
    dy += bytes;
    unit += bytes;
    out += bytes;
  }
}

/** Adds every row to `sums`, which starts at 0. */
export function columnSums(x: usize, sums: usize, rows: usize, width: usize): void {
  const bytes = width << 2;
  const whole = bytes & ~15;
  memory.fill(sums, 0, bytes);
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0; at < whole; at += 16)
      v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(x + at)));
    for (let at = whole; at < bytes; at += 4) store<f32>(sums + at, load<f32>(sums + at) + load<f32>(x + at));
    x += bytes;
  }
}

/** The gradient of max(x, 0) from its value y: out = dy where y > 0, else 0; and the sums of out's columns. */
export function rectifiedSlopes(dy: usize, y: usize, out: usize, sums: usize, rows: usize, width: usize): void {
  const bytes = width << 2;
  const whole = bytes & ~15;
  const zero = f32x4.splat(0);
  memory.fill(sums, 0, bytes);
  for (let row: usize = 0; row < rows; row++) {
    for (let at: usize = 0; at < whole; at += 16) {
      const slopes = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero));
      v128.store(out + at, slopes);
      v128.store(sums + at, f32x4.add(v128.load(sums + at), slopes));
    }
    for (let at = whole; at < bytes; at += 4) {
      const slope = load<f32>(y + at) > 0 ? load<f32>(dy + at) : <f32>0;
      store<f32>(out + at, slope);
      store<f32>(sums + at, load<f32>(sums + at) + slope);
    }
    dy += bytes;
    y += bytes;
    out += bytes;
  }
}
