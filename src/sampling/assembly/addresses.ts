// Where the graph and the lanes lie, in bytes; wasm-engine.ts gives them once.

/** Rows by offsets or by (start, length), and the neighbours that these point into. */
export let pinRows: usize = 0;
export let pinNeighbours: usize = 0;
export let boardRows: usize = 0;
export let boardNeighbours: usize = 0;
/** u32 a lane: the pin to go back to, and the xorshift32 state. */
export let homes: usize = 0;
export let states: usize = 0;
/** u64 a lane: a row's (start, length), or its first offset and the next row's. */
export let spans: usize = 0;
/** u32 a lane: a node, or a place in a row. */
export let places: usize = 0;

/** Names the graph's columns. A row of a built graph is found by offsets, of a changing one by (start, length). */
export function walkOver(
  pinRowsAt: usize,
  pinNeighboursAt: usize,
  boardRowsAt: usize,
  boardNeighboursAt: usize,
): void {
  pinRows = pinRowsAt;
  pinNeighbours = pinNeighboursAt;
  boardRows = boardRowsAt;
  boardNeighbours = boardNeighboursAt;
}

/** Names the lanes' memory. */
export function walkIn(homesAt: usize, statesAt: usize, spansAt: usize, placesAt: usize): void {
  homes = homesAt;
  states = statesAt;
  spans = spansAt;
  places = placesAt;
}
