import type { Adjacency, Topology } from '../graph/graph.js';
import type { Neighbourhoods } from './kernel.js';

export function sharedUint32(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * 8));
}

/** The array itself where workers can already see it, else a copy that they can. */
export function inSharedMemory<
  T extends Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float32Array,
>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const shared = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(
    new SharedArrayBuffer(array.byteLength),
  );
  shared.set(array);
  return shared;
}

/** Pins and boards of a topology where workers can see them, without the memory that a walk kernel reads in place. */
export function topologyInShared({ pins, boards }: Topology): Topology {
  const shared = ({ offsets, neighbours }: Adjacency): Adjacency => ({
    offsets: inSharedMemory(offsets),
    neighbours: inSharedMemory(neighbours),
  });
  return { pins: shared(pins), boards: shared(boards) };
}

/** Zeroed rows that workers can fill. */
export function sharedNeighbourhoods(rows: number, size: number): Neighbourhoods {
  return { size, neighbours: sharedUint32(rows * size), weights: sharedFloat32(rows * size) };
}

/** Copies neighbourhoods to where workers can see them. */
export function neighbourhoodsInShared({ size, graphs, neighbours, weights, boards }: Neighbourhoods): Neighbourhoods {
  return {
    size,
    graphs,
    neighbours: inSharedMemory(neighbours),
    weights: inSharedMemory(weights),
    boards: boards && neighbourhoodsInShared(boards),
  };
}
