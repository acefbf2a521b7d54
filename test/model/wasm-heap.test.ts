import { expect, it, vi } from 'vitest';
import { refuseFullHeap, wasmBackend } from '../../src/model/arithmetic/wasm-heap.js';
import { openBackend } from '../../src/model/backends.js';

/** A heap whose allocator answers this, as WebAssembly does: in 32 bits with a sign. */
function answering(address: number) {
  const asm = { memory: { buffer: { byteLength: 2 ** 32 - 2 ** 16 } } };
  const wasm = { asm, _malloc: vi.fn<(bytes: number) => number>(() => address), _free: vi.fn() };
  refuseFullHeap({ wasm } as unknown as Parameters<typeof refuseFullHeap>[0]);
  const { _malloc: allocate } = wasm;
  return allocate;
}

it('takes addresses above 2 GiB for what they are', () => {
  expect(answering(-2_091_597_760)(16)).toBe(2_203_369_536);
  expect(answering(4_096)(16)).toBe(4_096);
});

it('says how much was wanted where the heap has no more', () => {
  expect(() => answering(0)(3 * 2 ** 20)).toThrow(
    expect.objectContaining({ code: 'out_of_memory', message: expect.stringContaining('no 3 MB left') }),
  );
  // Its last 64 KiB are not there.
  expect(() => answering(2 ** 32 - 2 ** 17)(2 ** 17)).toThrow(expect.objectContaining({ code: 'out_of_memory' }));
  expect(answering(0)(0)).toBe(0);
});

it('hears it of the tensor library too', async () => {
  await openBackend('wasm');
  // More than the heap can ever have.
  expect(() => wasmBackend().makeOutput([2 ** 30 - 1], 'float32')).toThrow(
    expect.objectContaining({ code: 'out_of_memory' }),
  );
  const { _malloc: allocate, _free: free } = wasmBackend().wasm;
  const one = allocate(16);
  expect(one).toBeGreaterThan(0);
  free(one);
});
