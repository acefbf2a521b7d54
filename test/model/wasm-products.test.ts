import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tensorModule, type TensorExports } from '../../src/model/arithmetic/wasm-module.js';
import { random } from '../../src/random.js';

const plain = new Uint8Array(readFileSync(new URL('../../dist/src/model/tensors.wasm', import.meta.url)));
const modules: [string, Uint8Array<ArrayBuffer>][] = [
  ['with a multiplication and an addition', plain],
  ...(tensorModule().fused ? [['with fused multiply-add', tensorModule().bytes] as [string, typeof plain]] : []),
];

/** Around whole tiles of 4 and 8, and past blocks of 128 rows, 2048 columns and 256 deep. */
const sizes = [
  [1, 1, 1],
  [4, 8, 3],
  [7, 13, 9],
  [131, 20, 259],
  [5, 2051, 6],
];

describe.each(modules)('products %s', (_, bytes) => {
  const memory = new WebAssembly.Memory<ArrayBuffer>({ initial: 64 });
  const exports = new WebAssembly.Instance<TensorExports>(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  const start = Math.ceil(exports.productScratch() / 64) * 64;
  const floats = new Float32Array(memory.buffer, start);

  it.each(sizes)('are those of plain loops at %i x %i, %i deep, in all layouts', (m, n, k) => {
    const source = random(1, m);
    for (const aTransposed of [0, 1])
      for (const bTransposed of [0, 1])
        for (const finished of [0, 1]) {
          const [b, bias, out] = [m * k, m * k + k * n, m * k + k * n + n];
          for (let i = 0; i < out + m * n; i++) floats[i] = source.normal();
          const expected = new Float32Array(m * n);
          for (let row = 0; row < m; row++)
            for (let column = 0; column < n; column++) {
              let sum = finished ? floats[out + row * n + column] + floats[bias + column] : 0;
              for (let i = 0; i < k; i++)
                sum +=
                  floats[aTransposed ? i * m + row : row * k + i] *
                  floats[b + (bTransposed ? column * k + i : i * n + column)];
              expected[row * n + column] = finished ? Math.max(sum, 0) : sum;
            }
          const at = (index: number): number => start + 4 * index;
          const ends = [finished, finished && at(bias), finished, 0] as const;
          exports.product(at(0), aTransposed, at(b), bTransposed, at(out), m, n, k, ...ends);
          const found = floats.subarray(out, out + m * n);
          const off = expected.reduce((most, each, i) => Math.max(most, Math.abs(each - found[i])), 0);
          expect(off).toBeLessThan(1e-6 * (k + 8));
        }
  });
});
