// The step of biased-step.ts: one lane after the other, draw for draw the same.

import { boardNeighbours, boardRows, homes, pinNeighbours, pinRows, states } from './addresses';

/** Draws of one neighbour at most, as in kernel.ts. */
const mostDraws = 8;

/** In 2^31; 0 where nothing is preferred. */
let strength: u32 = 0;
/** Preferred ranges; from = to where there is none. */
let boardsFrom: u32 = 0;
let boardsTo: u32 = 0;
let pinsFrom: u32 = 0;
let pinsTo: u32 = 0;
/** Addresses of one byte a node; 0 where there are none. */
let boardMarks: usize = 0;
let pinMarks: usize = 0;
let avoidedBoards: usize = 0;

export function heed(
  strengthOf31: u32,
  firstBoard: u32,
  endBoard: u32,
  firstPin: u32,
  endPin: u32,
  boardMarksAt: usize,
  pinMarksAt: usize,
  avoidedAt: usize,
): void {
  strength = strengthOf31;
  boardsFrom = firstBoard;
  boardsTo = endBoard;
  pinsFrom = firstPin;
  pinsTo = endPin;
  boardMarks = boardMarksAt;
  pinMarks = pinMarksAt;
  avoidedBoards = avoidedAt;
}

let state: u32 = 0;

@inline
function draw(): u32 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/** The first of `neighbours[from … to - 1]`, which ascend, that is not below `node`. */
function lowerBound(neighbours: usize, from: u32, to: u32, node: u32): u32 {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (load<u32>(neighbours + ((<usize>middle) << 2)) < node) from = middle + 1;
    else to = middle;
  }
  return from;
}

const none: u32 = 0xffffffff;

function neighbourOf(
  rows: usize,
  neighbours: usize,
  live: bool,
  node: u32,
  rangeFrom: u32,
  rangeTo: u32,
  marks: usize,
  avoided: usize,
): u32 {
  const span = load<u64>(rows + ((<usize>node) << (live ? 3 : 2)));
  let start = <u32>span;
  let end = live ? start + <u32>(span >> 32) : <u32>(span >> 32);
  const personal = strength > 0 && draw() >> 1 < strength;
  if (personal && rangeFrom < rangeTo) {
    const low = lowerBound(neighbours, start, end, rangeFrom);
    const high = lowerBound(neighbours, low, end, rangeTo);
    if (low < high) {
      start = low;
      end = high;
    }
  }
  const wanted = personal ? marks : 0;
  const draws = wanted || avoided ? mostDraws : 1;
  let second = none;
  for (let i = 0; i < draws; i++) {
    const place = start + <u32>((<u64>draw() * <u64>(end - start)) >> 32);
    const neighbour = load<u32>(neighbours + ((<usize>place) << 2));
    if (avoided && load<u8>(avoided + <usize>neighbour) == 1) continue;
    if (!wanted || load<u8>(wanted + <usize>neighbour) == 1) return neighbour;
    second = neighbour;
  }
  return second;
}

/** Moves lanes through `steps` rows of `width` bytes, from the row at `from` on, heeding the rules. */
export function advanceBiased(
  from: usize,
  steps: u32,
  width: usize,
  threshold: u32,
  live: bool,
): void {
  for (let step: u32 = 0; step < steps; step++, from += width) {
    for (let lane: usize = 0; lane < width; lane += 4) {
      state = load<u32>(states + lane);
      const pin = draw() >> 1 < threshold ? load<u32>(homes + lane) : load<u32>(from + lane);
      const board = neighbourOf(pinRows, pinNeighbours, live, pin, boardsFrom, boardsTo, boardMarks, avoidedBoards);
      const next =
        board == none
          ? load<u32>(homes + lane)
          : neighbourOf(boardRows, boardNeighbours, live, board, pinsFrom, pinsTo, pinMarks, 0);
      store<u32>(from + width + lane, next);
      store<u32>(states + lane, state);
    }
  }
}
