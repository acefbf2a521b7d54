import { expect, it, vi } from 'vitest';
import { heapBlock } from '../../src/model/arithmetic/wasm-heap.js';

/** A heap whose allocator answers this, as WebAssembly does: in 32 bits with a sign. */
const answering = (address: number) => ({ _malloc: vi.fn(() => address) });

it('takes addresses above 2 GiB for what they are', () => {
  expect(heapBlock(answering(-2_091_597_760), 16)).toBe(2_203_369_536);
  expect(heapBlock(answering(4_096), 16)).toBe(4_096);
});

it('says how much was wanted where the heap has no more', () => {
  expect(() => heapBlock(answering(0), 3 * 2 ** 20)).toThrow(
    expect.objectContaining({ code: 'out_of_memory', message: expect.stringContaining('no 3 MB left') }),
  );
  expect(heapBlock(answering(0), 0)).toBe(0);
});
