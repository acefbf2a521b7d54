import { runsRelaxedSimd } from '../relaxed-simd.js';
import { pageBytes } from '../wasm-memory.js';

/**
 * The one loop in which dense products spend their time, as WebAssembly with SIMD: the inner products of 4
 * rows with 2 rows of floats. Four lanes and eight sums in registers make it four times as fast as
 * JavaScript's best, and fused multiply-adds, where the host has them, faster again. The module is a few hundred
 * bytes, put together here for one length of row, so that the rows' distances are constants of its loads.
 */
export interface ProductKernel {
  readonly buffer: ArrayBuffer;
  /** Byte addresses of the first of 4 rows, of the first of 2 rows, and of 8 floats: a0·b0 … a3·b0, a0·b1 … a3·b1. */
  tile(a: number, b: number, out: number): void;
}

export const tileRows = { a: 4, b: 2 } as const;

/** `floats` is the length of a row, a multiple of 4; rows lie one after another. */
export function productKernel(floats: number, bytes: number): ProductKernel {
  const memory = new WebAssembly.Memory<ArrayBuffer>({ initial: Math.ceil(bytes / pageBytes) });
  const fused = assemble(4 * floats, true);
  const module = new WebAssembly.Module(runsRelaxedSimd(fused) ? fused : assemble(4 * floats, false));
  const { exports } = new WebAssembly.Instance<Pick<ProductKernel, 'tile'>>(module, { in: { memory } });
  return { buffer: memory.buffer, tile: exports.tile };
}

const type = { i32: 0x7f, v128: 0x7b, function: 0x60, none: 0x40 };
const section = { type: 1, import: 2, function: 3, export: 7, code: 10 };

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** Signed LEB128 of a number that is not negative. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

const sized = (content: number[]): number[] => [...leb(content.length), ...content];
const list = (items: number[][]): number[] => [...leb(items.length), ...items.flat()];
const name = (text: string): number[] => sized([...Buffer.from(text)]);

const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
const constant = (value: number): number[] => [0x41, ...signed(value)];
const add = [0x6a];
const lessThan = [0x49];
const loadVector = (offset: number): number[] => [0xfd, 0x00, 4, ...leb(offset)];
const multiplyVectors = [0xfd, ...leb(0xe6)];
const addVectors = [0xfd, ...leb(0xe4)];
/** Of relaxed SIMD: x, y and z become x · y + z. */
const multiplyAdd = [0xfd, ...leb(0x105)];
const lane = (index: number): number[] => [0xfd, 0x1f, index];
const addFloats = [0x92];
const storeFloat = (offset: number): number[] => [0x38, 2, ...leb(offset)];
const loop = (body: number[]): number[] => [0x03, type.none, ...body, 0x0b];
const branchIf = [0x0d, 0];

function assemble(stride: number, fused: boolean): Uint8Array<ArrayBuffer> {
  const [a, b, out, end] = [0, 1, 2, 3];
  const left = [4, 5, 6, 7];
  const right = 8;
  const sums = [9, 10, 11, 12, 13, 14, 15, 16];
  const addProducts = (row: number): number[] => [
    ...get(b),
    ...loadVector(row * stride),
    ...set(right),
    ...left.flatMap((vector, i) => {
      const sum = sums[row * tileRows.a + i];
      const factors = [...get(vector), ...get(right)];
      const added = fused
        ? [...factors, ...get(sum), ...multiplyAdd]
        : [...get(sum), ...factors, ...multiplyVectors, ...addVectors];
      return [...added, ...set(sum)];
    }),
  ];
  const advance = (pointer: number): number[] => [...get(pointer), ...constant(16), ...add, ...set(pointer)];
  const body = [
    [get(a), constant(stride), add, set(end)],
    loop(
      [
        left.flatMap((vector, i) => [get(a), loadVector(i * stride), set(vector)].flat()),
        addProducts(0),
        addProducts(1),
        advance(a),
        advance(b),
        [get(a), get(end), lessThan, branchIf].flat(),
      ].flat(),
    ),
    sums.flatMap((sum, i) =>
      [
        [get(out)],
        [get(sum), lane(0), get(sum), lane(1), addFloats],
        [get(sum), lane(2), get(sum), lane(3), addFloats],
        [addFloats, storeFloat(4 * i)],
      ].flat(2),
    ),
    0x0b,
  ].flat(2);
  const locals = list([
    [1, type.i32],
    [left.length + 1 + sums.length, type.v128],
  ]);
  return Uint8Array.from(
    [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [section.type, sized(list([[type.function, ...list([[type.i32], [type.i32], [type.i32]]), 0]]))],
      [section.import, sized(list([[...name('in'), ...name('memory'), 2, 0, 1]]))],
      [section.function, sized(list([[0]]))],
      [section.export, sized(list([[...name('tile'), 0, 0]]))],
      [section.code, sized(list([sized([...locals, ...body])]))],
    ].flat(2),
  );
}
