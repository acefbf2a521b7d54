import { type Adjacency, degree } from './graph.js';

/**
 * The boards of the highest entropy: 1 for a `share` of those that hold a pin. A board of one topic is never
 * among them; of equals the larger goes, then the later.
 */
export function diverseBoards(boards: Adjacency, entropy: Float32Array, share: number): Uint8Array {
  const flags = new Uint8Array(entropy.length);
  const linked: number[] = [];
  for (let board = 0; board < flags.length; board++) if (degree(boards, board) > 0) linked.push(board);
  const mixed = linked.filter((board) => entropy[board] > 0);
  mixed.sort((a, b) => entropy[b] - entropy[a] || degree(boards, b) - degree(boards, a) || b - a);
  for (const board of mixed.slice(0, Math.floor(share * linked.length))) flags[board] = 1;
  return flags;
}

/** ⌈degree^δ⌉, where a power that is whole but for rounding stays whole. */
export function keptDegree(edges: number, delta: number): number {
  return edges === 0 ? 0 : Math.ceil(edges ** delta - 1e-9);
}

/**
 * Cuts each pin's edges to ⌈|E|^δ⌉, |E| being those that `keep` has 1 for, and keeps those whose boards agree
 * best; of equals the smaller board stays, then the earlier. `keep` and `cosine` are in the order of the
 * boards' rows, and `keep` is changed in place. O(edges · log of the largest degree).
 */
export function capPins(
  { pins, boards }: { pins: Adjacency; boards: Adjacency },
  cosine: Float32Array,
  delta: number,
  keep: Uint8Array,
): void {
  if (delta >= 1) return;
  // Edges by pin: within one, boards ascend, and so do the edges' places in the boards' rows.
  const edges = new Uint32Array(keep.length);
  const next = pins.offsets.slice(0, -1);
  for (let edge = 0; edge < keep.length; edge++) edges[next[boards.neighbours[edge]]++] = edge;
  for (let pin = 0; pin + 1 < pins.offsets.length; pin++) {
    const from = pins.offsets[pin];
    const row = edges.subarray(from, pins.offsets[pin + 1]);
    const places = [...row.keys()].filter((place) => keep[row[place]] === 1);
    const limit = keptDegree(places.length, delta);
    if (limit === places.length) continue;
    const sizeOf = (place: number): number => degree(boards, pins.neighbours[from + place]);
    places.sort((a, b) => cosine[row[b]] - cosine[row[a]] || sizeOf(a) - sizeOf(b) || a - b);
    for (const place of places.slice(limit)) keep[row[place]] = 0;
  }
}
