import type { Adjacency, Topology } from '../../src/graph/graph.js';
import { paddedBytes, SharedMemory } from '../../src/graph/shared-memory.js';
import type { LiveTopology, WalkRows } from '../../src/graph/walk-rows.js';

/** A built graph as one that may change; its rows lie backwards, to show that their order is free. */
export function liveRows({ pins, boards }: Topology): LiveTopology {
  const bytes = ({ offsets, neighbours }: Adjacency): number =>
    paddedBytes(8 * (offsets.length - 1)) + paddedBytes(4 * neighbours.length);
  const shared = new SharedMemory(bytes(pins) + bytes(boards));
  const rowsOf = ({ offsets, neighbours }: Adjacency): WalkRows => {
    const side = { rows: shared.uint32(2 * (offsets.length - 1)), neighbours: shared.uint32(neighbours.length) };
    for (let row = offsets.length - 2, at = 0; row >= 0; row--) {
      const length = offsets[row + 1] - offsets[row];
      side.rows.set([at, length], 2 * row);
      side.neighbours.set(neighbours.subarray(offsets[row], offsets[row + 1]), at);
      at += length;
    }
    return side;
  };
  return { pins: rowsOf(pins), boards: rowsOf(boards), ...(shared.memory && { memory: shared.memory }) };
}
