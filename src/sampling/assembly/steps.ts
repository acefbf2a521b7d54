// The lockstep step of walk-steps.ts with SIMD. Loops over lanes that only read memory do nothing else, so
// that the processor has as many of their cache misses under way as it can: WebAssembly has no prefetch.

import {
  boardNeighbours,
  boardRows,
  homes,
  pinNeighbours,
  pinRows,
  places,
  spans,
  states,
} from './addresses';

@inline
function drawn(state: v128): v128 {
  state = v128.xor(state, i32x4.shl(state, 13));
  state = v128.xor(state, i32x4.shr_u(state, 17));
  return v128.xor(state, i32x4.shl(state, 5));
}

/** The upper halves of four products: uniform draws below `bounds`. */
@inline
function below(draws: v128, bounds: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(draws, bounds);
  const high = i64x2.extmul_high_i32x4_u(draws, bounds);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

/** Reads the spans of the rows of the nodes in `places`; offsets lie 4 bytes apart, pairs 8. */
@inline
function readSpans(rows: usize, shift: usize, places: usize, spans: usize, width: usize): void {
  for (let lane: usize = 0; lane < width; lane += 4)
    store<u64>(spans + (lane << 1), load<u64>(rows + ((<usize>load<u32>(places + lane)) << shift)));
}

/** Reads the nodes at `places` in the rows. */
@inline
function readNodes(neighbours: usize, places: usize, into: usize, width: usize): void {
  for (let lane: usize = 0; lane < width; lane += 4)
    store<u32>(into + lane, load<u32>(neighbours + ((<usize>load<u32>(places + lane)) << 2)));
}

/** The places in four rows that four draws fall on. */
@inline
function chosen(spans: usize, draws: v128, live: bool): v128 {
  const first = v128.load(spans);
  const second = v128.load(spans, 16);
  const starts = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const others = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  return i32x4.add(starts, below(draws, live ? others : i32x4.sub(others, starts)));
}

@inline
function advance(from: usize, steps: u32, width: usize, threshold: u32, live: bool): void {
  // Locals stay in registers, globals do not.
  const home = homes, state = states, span = spans, place = places;
  const pins = pinRows, boardsOf = pinNeighbours, boards = boardRows, pinsOf = boardNeighbours;
  const shift: usize = live ? 3 : 2;
  const bar = i32x4.splat(threshold);
  for (let step: u32 = 0; step < steps; step++) {
    for (let lane: usize = 0; lane < width; lane += 16) {
      const draw = drawn(v128.load(state + lane));
      const restarts = i32x4.lt_u(i32x4.shr_u(draw, 1), bar);
      v128.store(place + lane, v128.bitselect(v128.load(home + lane), v128.load(from + lane), restarts));
      v128.store(state + lane, drawn(draw));
    }
    readSpans(pins, shift, place, span, width);
    for (let lane: usize = 0; lane < width; lane += 16) {
      const draw = v128.load(state + lane);
      v128.store(place + lane, chosen(span + (lane << 1), draw, live));
      v128.store(state + lane, drawn(draw));
    }
    readNodes(boardsOf, place, place, width);
    readSpans(boards, shift, place, span, width);
    for (let lane: usize = 0; lane < width; lane += 16)
      v128.store(place + lane, chosen(span + (lane << 1), v128.load(state + lane), live));
    from += width;
    readNodes(pinsOf, place, from, width);
  }
}

/**
 * Moves lanes through `steps` rows of `width` bytes (a multiple of 16), from the row at `from` on, over a
 * built graph. Restarts have a probability of `threshold` in 2^31.
 */
export function advanceBuilt(from: usize, steps: u32, width: usize, threshold: u32): void {
  advance(from, steps, width, threshold, false);
}

/** Moves lanes, as `advanceBuilt` does, over a graph that changes: its pairs are read at once, so a length never goes with another start. */
export function advanceLive(from: usize, steps: u32, width: usize, threshold: u32): void {
  advance(from, steps, width, threshold, true);
}
