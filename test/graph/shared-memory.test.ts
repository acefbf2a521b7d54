import { expect, it } from 'vitest';
import { topologyFromEdges } from '../../src/graph/adjacency.js';
import { SharedMemory, walkMemoryLimit } from '../../src/graph/shared-memory.js';

it("hands out WebAssembly's memory, piece by piece at 64-byte boundaries", () => {
  const shared = new SharedMemory(3 * 64);
  const pieces = [shared.bytes(5), shared.uint32(10), shared.bytes(64)];
  expect(pieces.map(({ byteOffset }) => byteOffset)).toEqual([0, 64, 128]);
  for (const { buffer } of pieces) expect(buffer).toBe(shared.memory?.buffer);
});

it('hands out plain shared memory past what WebAssembly addresses', () => {
  const shared = new SharedMemory(walkMemoryLimit + 1);
  expect(shared.memory).toBeUndefined();
  expect(shared.uint32(4).buffer).toBeInstanceOf(SharedArrayBuffer);
});

it('holds both directions of a graph made in memory, and of one without edges', () => {
  const edges = { boards: Uint32Array.of(1, 0, 1), pins: Uint32Array.of(2, 0, 0) };
  for (const given of [edges, { boards: new Uint32Array(0), pins: new Uint32Array(0) }]) {
    const { pins, boards, memory } = topologyFromEdges(given, 3, 2);
    for (const { offsets, neighbours } of [pins, boards])
      expect([offsets.buffer, neighbours.buffer]).toEqual([memory?.buffer, memory?.buffer]);
    expect(boards.offsets.at(-1)).toBe(given.pins.length);
  }
});
