import type { ScoredPins } from './candidate-source.js';

/**
 * The best `limit` of a dense score column, descending, ties by dense index, in O(n + kept · log limit).
 * A bounded heap keeps the worst kept pin on top; scanning in index order lets one strict comparison
 * settle ties. Pins at or below `floor` are not shown.
 */
export function topPins(scores: Float32Array, limit: number, floor = 0): ScoredPins {
  const room = Math.min(limit, scores.length);
  const pins = new Uint32Array(room);
  const values = new Float32Array(room);
  let size = 0;
  let threshold = floor;
  if (room === 0) return { pins, scores: values };
  for (let pin = 0; pin < scores.length; pin++) {
    const score = scores[pin];
    if (!(score > threshold)) continue;
    if (size < room) {
      siftUp(pins, values, size++, pin, score);
      if (size === room) threshold = values[0];
    } else {
      siftDown(pins, values, room, pin, score);
      threshold = values[0];
    }
  }
  for (let end = size - 1; end > 0; end--) {
    const pin = pins[end];
    const score = values[end];
    const worstPin = pins[0];
    const worstScore = values[0];
    siftDown(pins, values, end, pin, score);
    pins[end] = worstPin;
    values[end] = worstScore;
  }
  return { pins: pins.subarray(0, size), scores: values.subarray(0, size) };
}

/** The best `limit` pins of those listed, in any order, with a score each; ties by dense index. */
export function topListed(listed: Uint32Array, scores: Float32Array, limit: number): ScoredPins {
  const order = Uint32Array.from(listed.keys()).sort((a, b) => scores[b] - scores[a] || listed[a] - listed[b]);
  const kept = order.subarray(0, limit);
  return { pins: Uint32Array.from(kept, (i) => listed[i]), scores: Float32Array.from(kept, (i) => scores[i]) };
}

/** Whether (score, pin) ranks below the heap's entry at `slot`. */
function ranksBelow(score: number, pin: number, values: Float32Array, pins: Uint32Array, slot: number): boolean {
  return score < values[slot] || (score === values[slot] && pin > pins[slot]);
}

function siftUp(pins: Uint32Array, values: Float32Array, from: number, pin: number, score: number): void {
  let slot = from;
  while (slot > 0) {
    const parent = (slot - 1) >> 1;
    if (!ranksBelow(score, pin, values, pins, parent)) break;
    pins[slot] = pins[parent];
    values[slot] = values[parent];
    slot = parent;
  }
  pins[slot] = pin;
  values[slot] = score;
}

/** Replaces the top of a heap of `size` entries. */
function siftDown(pins: Uint32Array, values: Float32Array, size: number, pin: number, score: number): void {
  let slot = 0;
  for (;;) {
    let child = 2 * slot + 1;
    if (child >= size) break;
    if (child + 1 < size && ranksBelow(values[child + 1], pins[child + 1], values, pins, child)) child++;
    if (ranksBelow(score, pin, values, pins, child)) break;
    pins[slot] = pins[child];
    values[slot] = values[child];
    slot = child;
  }
  pins[slot] = pin;
  values[slot] = score;
}
