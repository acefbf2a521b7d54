/** What is used of WebAssembly: the compiler's library for Node does not declare it. */
declare namespace WebAssembly {
  class Memory<Bytes extends ArrayBufferLike = SharedArrayBuffer> {
    constructor(size: { initial: number; maximum?: number; shared?: boolean });
    /** Shared where the memory is; another object after it has grown. */
    readonly buffer: Bytes;
    /** Adds pages of 64 KiB and returns how many there were. */
    grow(pages: number): number;
  }
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  type Module = object;
  const Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  class Instance<Exports> {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Exports;
  }
}
