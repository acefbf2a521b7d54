import { readFileSync } from 'node:fs';
import { builtFile } from '../../package-root.js';
import { runsRelaxedSimd } from '../../relaxed-simd.js';

/** What ../assembly/index.ts exports. Addresses are bytes; flags are 0 or 1; see there for the rest. */
export interface TensorExports {
  adam(
    to: number,
    from: number,
    gradient: number,
    first: number,
    second: number,
    count: number,
    rate: number,
    decay1: number,
    share1: number,
    decay2: number,
    share2: number,
    epsilon: number,
  ): void;
  productScratch(): number;
  product(
    a: number,
    aTransposed: number,
    b: number,
    bTransposed: number,
    out: number,
    m: number,
    n: number,
    k: number,
    added: number,
    bias: number,
    rectified: number,
    scratch: number,
  ): void;
  columnSums(x: number, sums: number, rows: number, width: number): void;
  rectifiedSlopes(dy: number, y: number, out: number, sums: number, rows: number, width: number): void;
  unitRows(x: number, out: number, norms: number, rows: number, width: number): void;
  unitRowsSlopes(dy: number, unit: number, norms: number, out: number, rows: number, width: number): void;
  sparseProduct(
    offsets: number,
    columns: number,
    values: number,
    x: number,
    out: number,
    rows: number,
    width: number,
  ): void;
}

function moduleBytes(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(builtFile(`src/model/${name}.wasm`, 'tensor kernel')));
}

interface TensorModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether products use fused multiply-add, which rounds once and so gives other last bits. */
  readonly fused: boolean;
}

let found: TensorModule | undefined;

/** The fused module where the host takes it, else the plain one. Throws `not_found` before the build. */
export function tensorModule(): TensorModule {
  if (found) return found;
  const fused = moduleBytes('tensors-fused');
  found = runsRelaxedSimd(fused) ? { bytes: fused, fused: true } : { bytes: moduleBytes('tensors'), fused: false };
  return found;
}

/** The module over one memory. */
export function tensorExports(memory: WebAssembly.Memory<ArrayBuffer>): TensorExports {
  const module = new WebAssembly.Module(tensorModule().bytes);
  return new WebAssembly.Instance<TensorExports>(module, { env: { memory } }).exports;
}
