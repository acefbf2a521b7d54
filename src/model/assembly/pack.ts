// Panels: `width` lanes side by side, depth after depth, so that a product reads its operands in one stream.

/** Four rows of four floats, turned; `step` bytes lie between two rows of what is written. */
// @ts-ignore: decorator
@inline
function storeTurned(to: usize, step: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to + step, v128.shuffle<i64>(ab, cd, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<i64>(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<i64>(abHigh, cdHigh, 1, 3));
}

/** Four lanes whose values lie along the depth. */
function turnFour(to: usize, step: usize, from: usize, laneBytes: usize, depth: usize): void {
  const whole = depth & ~3;
  for (let k: usize = 0; k < whole; k += 4) {
    const b = from + laneBytes;
    const c = b + laneBytes;
    storeTurned(to, step, v128.load(from), v128.load(b), v128.load(c), v128.load(c + laneBytes));
    from += 16;
    to += 4 * step;
  }
  for (let k = whole; k < depth; k++) {
    for (let lane: usize = 0; lane < 4; lane++) store<f32>(to + 4 * lane, load<f32>(from + lane * laneBytes));
    from += 4;
    to += step;
  }
}

/** Four lanes that lie side by side at every depth. */
function copyFour(to: usize, step: usize, from: usize, depthBytes: usize, depth: usize): void {
  for (let k: usize = 0; k < depth; k++) {
    v128.store(to, v128.load(from));
    from += depthBytes;
    to += step;
  }
}

function copyFew(to: usize, step: usize, from: usize, laneBytes: usize, depthBytes: usize, depth: usize, lanes: usize): void {
  for (let k: usize = 0; k < depth; k++) {
    for (let lane: usize = 0; lane < 4; lane++)
      store<f32>(to + 4 * lane, lane < lanes ? load<f32>(from + lane * laneBytes) : <f32>0);
    from += depthBytes;
    to += step;
  }
}

/** Lanes beyond `lanes`, up to whole panels, are filled with 0. One of the two distances is that of two floats. */
export function pack(
  to: usize,
  from: usize,
  lanes: usize,
  depth: usize,
  laneBytes: usize,
  depthBytes: usize,
  width: usize,
): void {
  const step = width << 2;
  const padded = (lanes + width - 1) / width * width;
  for (let lane: usize = 0; lane < padded; lane += 4) {
    const at = to + ((lane / width) * depth * step) + ((lane % width) << 2);
    const source = from + lane * laneBytes;
    if (lane + 4 > lanes) copyFew(at, step, source, laneBytes, depthBytes, depth, lane < lanes ? lanes - lane : 0);
    else if (laneBytes == 4) copyFour(at, step, source, depthBytes, depth);
    else turnFour(at, step, source, laneBytes, depth);
  }
}
