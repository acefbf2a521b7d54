import { mostPages, pageBytes } from '../wasm-memory.js';

/** Bytes of one WebAssembly memory, less the room that walks need beside a graph. */
export const walkMemoryLimit = (mostPages - 1024) * pageBytes;

/**
 * Shared memory that is handed out from its start on, each piece at a 64-byte boundary: Arrow copies,
 * without a word, what does not begin at one. It is WebAssembly's where that can hold it, so that the
 * wasm walk kernel reads a graph in place; else plain, one block a piece.
 */
export class SharedMemory {
  /** Absent where the pieces do not fit 4 GiB, or where the host grants no such memory. */
  readonly memory: WebAssembly.Memory | undefined;
  #next = 0;

  /** `bytes` is the sum of the pieces, each rounded up to 64. */
  constructor(bytes: number) {
    this.memory = bytes <= walkMemoryLimit ? grantedMemory(bytes) : undefined;
  }

  bytes(length: number): Uint8Array<SharedArrayBuffer> {
    if (!this.memory) return new Uint8Array(new SharedArrayBuffer(length));
    const from = this.#next;
    this.#next = paddedBytes(from + length);
    return new Uint8Array(this.memory.buffer, from, length);
  }

  uint32(length: number): Uint32Array<SharedArrayBuffer> {
    const { buffer, byteOffset } = this.bytes(4 * length);
    return new Uint32Array(buffer, byteOffset, length);
  }
}

/** The bytes that a piece of this length takes. */
export function paddedBytes(length: number): number {
  return Math.ceil(length / 64) * 64;
}

function grantedMemory(bytes: number): WebAssembly.Memory | undefined {
  try {
    // It grows when walks ask for room; the maximum is address space, not memory.
    return new WebAssembly.Memory({
      initial: Math.max(1, Math.ceil(bytes / pageBytes)),
      maximum: mostPages,
      shared: true,
    });
  } catch {
    return undefined;
  }
}
