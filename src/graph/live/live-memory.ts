import type { Adjacency, Topology } from '../graph.js';
import { paddedBytes, SharedMemory, walkMemoryLimit } from '../shared-memory.js';
import type { LiveTopology, WalkRows } from '../walk-rows.js';

/** What a graph may grow by before its next memory. */
export interface Room {
  /** Cells of each side; a row that moves leaves its own to others. */
  edges: number;
  pins: number;
  boards: number;
}

/** Cells for each edge: changes that touch every row within a second move them all, with a quarter of slack. */
const cellsPerEdge = 1.5;

/**
 * Room for every row to move at once, for a quarter more nodes, and for small graphs enough to begin with.
 * What is never used costs addresses and no memory; where it would keep the graph out of WebAssembly's memory,
 * there is less of it, down to a quarter of the edges.
 */
export function roomFor({ pins, boards }: Topology): Room {
  const count = boards.neighbours.length;
  const room: Room = {
    edges: Math.max(1 << 20, Math.ceil(cellsPerEdge * count)),
    pins: Math.max(1 << 16, Math.ceil((pins.offsets.length - 1) / 4)),
    boards: Math.max(1 << 16, Math.ceil((boards.offsets.length - 1) / 4)),
  };
  const rows = pins.offsets.length + boards.offsets.length + room.pins + room.boards;
  const spare = Math.floor((walkMemoryLimit - 8 * rows) / 8) - count - 64;
  return spare >= count / 4 ? { ...room, edges: Math.min(room.edges, spare) } : room;
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
