import type { Adjacency, Topology } from '../graph.js';
import { paddedBytes, SharedMemory } from '../shared-memory.js';
import type { LiveTopology, WalkRows } from '../walk-rows.js';

/** What a graph may grow by before its next memory. */
export interface Room {
  /** Edges, counting twice what a row leaves behind when it moves. */
  edges: number;
  pins: number;
  boards: number;
}

/**
 * Room for a half more edges and a quarter more nodes, and for small graphs enough to begin with. A row that
 * grows moves with a quarter of slack, and what it leaves is used again, so half again as many cells take
 * about a quarter more edges even where they touch every row.
 */
export function roomFor({ pins, boards }: Topology): Room {
  return {
    edges: Math.max(1 << 20, Math.ceil(boards.neighbours.length / 2)),
    pins: Math.max(1 << 16, Math.ceil((pins.offsets.length - 1) / 4)),
    boards: Math.max(1 << 14, Math.ceil((boards.offsets.length - 1) / 4)),
  };
}

/** A memory that the graph fills in part, with its rows as they are and the rest as room. */
export function liveMemory({ pins, boards }: Topology, room: Room): LiveTopology {
  const sizes = [pins, boards].map(({ offsets, neighbours }, side) => ({
    rows: 2 * (offsets.length - 1 + (side === 0 ? room.pins : room.boards)),
    cells: neighbours.length + room.edges,
  }));
  const bytes = sizes.reduce((sum, { rows, cells }) => sum + paddedBytes(4 * rows) + paddedBytes(4 * cells), 0);
  const shared = new SharedMemory(bytes);
  const [ofPins, ofBoards] = [pins, boards].map((side, index) => filled(side, sizes[index], shared));
  return { pins: ofPins, boards: ofBoards, ...(shared.memory && { memory: shared.memory }) };
}

function filled(
  { offsets, neighbours }: Adjacency,
  { rows: length, cells }: { rows: number; cells: number },
  shared: SharedMemory,
): WalkRows {
  const rows = shared.uint32(length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    rows[2 * row] = offsets[row];
    rows[2 * row + 1] = offsets[row + 1] - offsets[row];
  }
  const all = shared.uint32(cells);
  all.set(neighbours);
  return { rows, neighbours: all };
}
