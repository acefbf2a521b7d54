import { BoardwalkError } from '../errors.js';
import { pageBytes } from '../wasm-memory.js';

/** A piece of WebAssembly memory that one kernel writes to; the address and size are in bytes. */
export interface ScratchRegion {
  readonly at: number;
  readonly bytes: number;
}

/** Regions of kernels that are gone, by memory; WebAssembly's memory never shrinks, so they serve again. */
const unused = new WeakMap<WebAssembly.Memory, ScratchRegion[]>();

/** A region of at least this size: one given back before, or new pages of the memory. Its contents are anything. */
export function takeScratch(memory: WebAssembly.Memory, bytes: number): ScratchRegion {
  const regions = unused.get(memory) ?? [];
  const pages = Math.ceil(bytes / pageBytes);
  const fitting = regions.findIndex((region) => region.bytes >= bytes && region.bytes <= 4 * pages * pageBytes);
  if (fitting >= 0) return regions.splice(fitting, 1)[0];
  try {
    // Growing is atomic: threads that grow one memory at the same time get pages of their own.
    return { at: memory.grow(pages) * pageBytes, bytes: pages * pageBytes };
  } catch (cause) {
    throw new BoardwalkError(
      'bad_option',
      `The walks need ${bytes} bytes beside the graph, and its memory cannot grow by them. Walk fewer steps, or use the TypeScript kernel.`,
      { field: 'steps' },
      { cause },
    );
  }
}

export function giveBackScratch(memory: WebAssembly.Memory, regions: readonly ScratchRegion[]): void {
  unused.set(memory, [...(unused.get(memory) ?? []), ...regions]);
}
