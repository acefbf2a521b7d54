import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BoardwalkError } from '../../errors.js';

/** What ../assembly/index.ts exports. Addresses are bytes; flags are 0 or 1; see there for the rest. */
export interface TensorExports {
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

/** `npm run build` compiles the module; a test that runs from the source finds it in dist as well. */
function moduleFile(): string {
  const here = import.meta.url;
  const base = here.endsWith('.ts') ? '../../../dist/src/model/' : '../';
  return fileURLToPath(new URL(`${base}tensors.wasm`, here));
}

/** The module over one memory. Throws `not_found` before the build, and what the host says if it has no SIMD. */
export function tensorExports(memory: WebAssembly.Memory<ArrayBuffer>): TensorExports {
  const file = moduleFile();
  if (!existsSync(file))
    throw new BoardwalkError('not_found', `The tensor kernel ${file} is missing. Run \`npm run build\` first.`, {
      file,
    });
  const module = new WebAssembly.Module(new Uint8Array(readFileSync(file)));
  return new WebAssembly.Instance<TensorExports>(module, { env: { memory } }).exports;
}
