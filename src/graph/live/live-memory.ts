import { type Adjacency, sides, type Topology } from '../graph.js';
import { paddedBytes, SharedMemory, walkMemoryLimit } from '../shared-memory.js';
import { cellsAtFirst } from './row-room.js';
import type { LiveTopology, WalkRows } from '../walk-rows.js';

/** What a graph may grow by before its next memory. */
export interface Room {
  /** Cells of each side; a row that moves leaves its own to others. */
  edges: number;
  pins: number;
  boards: number;
}

/** Cells for each edge, so that every row can move at once; what each leaves is used again. */
const cellsPerEdge = 1.25;

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
  const spare = Math.floor((walkMemoryLimit - 8 * rows) / 4 - cellsOf(pins) - cellsOf(boards) - 64) / 2;
  return spare >= count / 4 ? { ...room, edges: Math.min(room.edges, Math.floor(spare)) } : room;
}

/** A memory that the graph fills in part: each row with some cells to grow into, and room behind them all. */
export function liveMemory(topology: Topology, room: Room): LiveTopology {
  const sizes = sides.map((side) => ({
    rows: 2 * (topology[side].offsets.length - 1 + room[side]),
    cells: cellsOf(topology[side]) + room.edges,
  }));
  const bytes = sizes.reduce((sum, { rows, cells }) => sum + paddedBytes(4 * rows) + paddedBytes(4 * cells), 0);
  const shared = new SharedMemory(bytes);
  const pins = filled(topology.pins, sizes[0], shared);
  const boards = filled(topology.boards, sizes[1], shared);
  return { pins, boards, memory: shared.memory };
}

function cellsOf({ offsets }: Adjacency): number {
  let cells = 0;
  for (let row = 0; row + 1 < offsets.length; row++) cells += cellsAtFirst(offsets[row + 1] - offsets[row]);
  return cells;
}

function filled(
  { offsets, neighbours }: Adjacency,
  { rows: length, cells }: { rows: number; cells: number },
  shared: SharedMemory,
): WalkRows {
  const rows = shared.uint32(length);
  const all = shared.uint32(cells);
  let next = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    const from = offsets[row];
    const count = offsets[row + 1] - from;
    rows[2 * row] = next;
    rows[2 * row + 1] = count;
    for (let i = 0; i < count; i++) all[next + i] = neighbours[from + i];
    next += cellsAtFirst(count);
  }
  return { rows, neighbours: all };
}
