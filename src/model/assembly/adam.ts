/**
 * One step of Adam over `count` floats: writes the moved values to `to`, which may be `from`, and the new moments
 * where the old ones lie. A share is 1 - its decay, which 32 bits would not give.
 */
export function adam(
  to: usize,
  from: usize,
  gradient: usize,
  first: usize,
  second: usize,
  count: usize,
  rate: f32,
  decay1: f32,
  share1: f32,
  decay2: f32,
  share2: f32,
  epsilon: f32,
): void {
  const keep1 = f32x4.splat(decay1);
  const keep2 = f32x4.splat(decay2);
  const add1 = f32x4.splat(share1);
  const add2 = f32x4.splat(share2);
  const rates = f32x4.splat(rate);
  const least = f32x4.splat(epsilon);
  const bytes = count << 2;
  const whole = bytes & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    const slope = v128.load(gradient + at);
    const mean = f32x4.add(f32x4.mul(keep1, v128.load(first + at)), f32x4.mul(add1, slope));
    const square = f32x4.add(f32x4.mul(keep2, v128.load(second + at)), f32x4.mul(f32x4.mul(add2, slope), slope));
    v128.store(first + at, mean);
    v128.store(second + at, square);
    const way = f32x4.div(f32x4.mul(rates, mean), f32x4.add(f32x4.sqrt(square), least));
    v128.store(to + at, f32x4.sub(v128.load(from + at), way));
  }
  for (let at = whole; at < bytes; at += 4) {
    const slope = load<f32>(gradient + at);
    const mean = decay1 * load<f32>(first + at) + share1 * slope;
    const square = decay2 * load<f32>(second + at) + share2 * slope * slope;
    store<f32>(first + at, mean);
    store<f32>(second + at, square);
    store<f32>(to + at, load<f32>(from + at) - (rate * mean) / (sqrt<f32>(square) + epsilon));
  }
}
