import type * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../../linear/sparse-matrix.js';
import { type Arithmetic, transpose } from './arithmetic.js';
import { emptyHeapTensor, heapView, type WasmBackend } from './wasm-heap.js';
import { tensorExports } from './wasm-module.js';

/**
 * By a module of our own over the heap of tfjs's wasm backend: no copies in or out. tfjs's own products pack an
 * operand anew for every product and know a fast path for matrices as they lie only, and its operations take a
 * pass each.
 */
export function wasmArithmetic({ dataIdMap, wasm }: WasmBackend): Arithmetic {
  const { memory } = wasm.asm;
  const { _malloc: allocate, _free: free } = wasm;
  const kernels = tensorExports(memory);
  const scratch = allocate(kernels.productScratch());
  const addressOf = ({ dataId }: tf.Tensor): number => dataIdMap.get(dataId).memoryOffset;

  /** Lays the matrix on the heap for as long as the work takes. */
  function withMatrix(
    { offsets, columns, values }: SparseMatrix,
    work: (offsets: number, columns: number, values: number) => void,
  ): void {
    const address = allocate(4 * (offsets.length + columns.length + values.length));
    const [columnsAt, valuesAt] = [address + 4 * offsets.length, address + 4 * (offsets.length + columns.length)];
    new Int32Array(memory.buffer, address, offsets.length).set(offsets);
    new Int32Array(memory.buffer, columnsAt, columns.length).set(columns);
    new Float32Array(memory.buffer, valuesAt, values.length).set(values);
    work(address, columnsAt, valuesAt);
    free(address);
  }

  return {
    adam(weight, gradient, first, second, { rate, decay1, decay2, epsilon }) {
      // Values go to a new tensor, for tfjs's own products keep packed copies of their operands by identity.
      const moved = emptyHeapTensor(weight.shape);
      const [to, from, g, m, v] = [moved, weight, gradient, first, second].map(addressOf);
      kernels.adam(to, from, g, m, v, weight.size, rate, decay1, 1 - decay1, decay2, 1 - decay2, epsilon);
      return moved;
    },

    product(a, b, transposed = {}) {
      const [m, k] = transposed.a ? [a.shape[1], a.shape[0]] : a.shape;
      const n = b.shape[transposed.b ? 0 : 1];
      const out = emptyHeapTensor<tf.Tensor2D>([m, n]);
      const flags = [Number(transposed.a ?? false), Number(transposed.b ?? false)] as const;
      kernels.product(addressOf(a), flags[0], addressOf(b), flags[1], addressOf(out), m, n, k, 0, 0, 0, scratch);
      return out;
    },

    affine(terms, bias, rectified) {
      const [m, n] = [terms[0].x.shape[0], terms[0].w.shape[1]];
      const out = emptyHeapTensor<tf.Tensor2D>([m, n]);
      terms.forEach(({ x, w }, index) => {
        const last = index === terms.length - 1;
        kernels.product(
          addressOf(x),
          0,
          addressOf(w),
          0,
          addressOf(out),
          m,
          n,
          x.shape[1],
          Number(index > 0),
          last && bias ? addressOf(bias) : 0,
          Number(last && rectified),
          scratch,
        );
      });
      return out;
    },

    slopes(dy, value) {
      const [rows, width] = dy.shape;
      const columnSums = emptyHeapTensor<tf.Tensor1D>([width]);
      if (!value) {
        kernels.columnSums(addressOf(dy), addressOf(columnSums), rows, width);
        return { slopes: dy.clone(), columnSums };
      }
      const slopes = emptyHeapTensor<tf.Tensor2D>([rows, width]);
      kernels.rectifiedSlopes(addressOf(dy), addressOf(value), addressOf(slopes), addressOf(columnSums), rows, width);
      return { slopes, columnSums };
    },

    unitRows(x) {
      const [rows, width] = x.shape;
      const [unit, norms] = [emptyHeapTensor<tf.Tensor2D>([rows, width]), emptyHeapTensor<tf.Tensor2D>([rows, 1])];
      kernels.unitRows(addressOf(x), addressOf(unit), addressOf(norms), rows, width);
      return { unit, norms };
    },

    unitRowsSlopes(dy, unit, norms) {
      const [rows, width] = dy.shape;
      const out = emptyHeapTensor<tf.Tensor2D>([rows, width]);
      kernels.unitRowsSlopes(addressOf(dy), addressOf(unit), addressOf(norms), addressOf(out), rows, width);
      return out;
    },

    // tfjs's own `slice` copies all of its operand first.
    firstRows(x, rows) {
      const out = emptyHeapTensor<tf.Tensor2D>([rows, x.shape[1]]);
      heapView(out).set(heapView(x).subarray(0, out.size));
      return out;
    },

    paddedRows(x, rows) {
      const out = emptyHeapTensor<tf.Tensor2D>([rows, x.shape[1]]);
      const values = heapView(out);
      values.set(heapView(x));
      values.fill(0, x.size);
      return out;
    },

    sparseProduct(given, x, transposed) {
      const matrix = transposed ? transpose(given) : given;
      const [[rows], width] = [matrix.shape, x.shape[1]];
      const out = emptyHeapTensor<tf.Tensor2D>([rows, width]);
      withMatrix(matrix, (offsets, columns, values) =>
        kernels.sparseProduct(offsets, columns, values, addressOf(x), addressOf(out), rows, width),
      );
      return out;
    },
  };
}
