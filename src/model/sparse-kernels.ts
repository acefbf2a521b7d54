import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from './sparse-product.js';

/**
 * The kernel `SparseProduct` {x} {matrix, transposed}, one implementation a backend. Stock `gather` has no
 * gradient kernel in wasm and makes an [n, T, columns] array elsewhere; here neither is needed.
 */
interface Attributes {
  matrix: SparseMatrix;
  transposed: boolean;
}

const registered = new Set<string>();

/** Registers the kernel for the chosen backend, once. */
export function registerSparseKernels(): void {
  const backendName = tf.getBackend();
  if (registered.has(backendName)) return;
  registered.add(backendName);
  const multiply = multiplications[backendName] ?? withStockOperations;
  tf.registerKernel({
    kernelName: 'SparseProduct',
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { matrix, transposed } = attrs as object as Attributes;
      return multiply(matrix, inputs.x as tf.Tensor2D, transposed, backend as never);
    },
  });
}

type Multiply = (matrix: SparseMatrix, x: tf.Tensor2D, transposed: boolean, backend: never) => tf.TensorInfo;

const multiplications: Record<string, Multiply> = {
  wasm: onWasmHeap as Multiply,
  tensorflow: onTensorFlow as Multiply,
};

/** The same matrix in compressed columns: a counting sort, O(nonzeros + columns). */
function transpose({ shape, offsets, columns, values }: SparseMatrix): SparseMatrix {
  const [rows, width] = shape;
  const ends = new Int32Array(width + 1);
  for (let e = 0; e < columns.length; e++) ends[columns[e] + 1]++;
  for (let column = 0; column < width; column++) ends[column + 1] += ends[column];
  const next = ends.slice();
  const turned = { columns: new Int32Array(columns.length), values: new Float32Array(columns.length) };
  for (let row = 0; row < rows; row++)
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      const to = next[columns[e]]++;
      turned.columns[to] = row;
      turned.values[to] = values[e];
    }
  return { shape: [width, rows], offsets: ends, ...turned };
}

/** Writes matrix · x into `out`; x and `out` are row-major with `width` columns. */
export function multiplyInto(out: Float32Array, matrix: SparseMatrix, x: Float32Array, width: number): void {
  const { offsets, columns, values } = matrix;
  const unrolled = width - (width % 8);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const from = offsets[row];
    const end = offsets[row + 1];
    const start = row * width;
    // Eight sums stay in registers over the whole row: 2.4 times as fast as adding to `out` in place.
    for (let j = 0; j < unrolled; j += 8) {
      let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let i = from; i < end; i++) {
        const value = values[i];
        const at = columns[i] * width + j;
        a += value * x[at];
        b += value * x[at + 1];
        c += value * x[at + 2];
        d += value * x[at + 3];
        e += value * x[at + 4];
        f += value * x[at + 5];
        g += value * x[at + 6];
        h += value * x[at + 7];
      }
      const to = start + j;
      out[to] = a;
      out[to + 1] = b;
      out[to + 2] = c;
      out[to + 3] = d;
      out[to + 4] = e;
      out[to + 5] = f;
      out[to + 6] = g;
      out[to + 7] = h;
    }
    for (let j = unrolled; j < width; j++) {
      let sum = 0;
      for (let i = from; i < end; i++) sum += values[i] * x[columns[i] * width + j];
      out[start + j] = sum;
    }
  }
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

/** A loop over views of the wasm heap: no copy in or out. */
function onWasmHeap(matrix: SparseMatrix, x: tf.Tensor2D, transposed: boolean, backend: WasmBackend): tf.TensorInfo {
  const width = x.shape[1];
  const info = backend.makeOutput([matrix.shape[transposed ? 1 : 0], width], 'float32');
  // Views are taken after the allocation, which may move the heap.
  const out = backend.typedArrayFromHeap(info);
  multiplyInto(out, transposed ? transpose(matrix) : matrix, backend.typedArrayFromHeap(x), width);
  return info;
}

/** The parts of tfjs-node's backend and native binding that reach an operation which tfjs does not wrap. */
interface TensorFlowBackend {
  binding: Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_FLOAT' | 'TF_INT64', number> & {
    createTensor(shape: number[], type: number, values: Float32Array | Int32Array): number;
    deleteTensor(id: number): void;
    executeOp(operation: string, attributes: object[], inputs: number[], outputs: number): object[];
  };
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(output: object): tf.TensorInfo;
}

/** For each nonzero, the row it lies in. */
function rowsOf({ offsets, columns }: SparseMatrix): Int32Array {
  const rows = new Int32Array(columns.length);
  for (let row = 0; row + 1 < offsets.length; row++) rows.fill(row, offsets[row], offsets[row + 1]);
  return rows;
}

/** TensorFlow's own sparse product. It wants int64 coordinates, which tfjs cannot hold but the binding can. */
function onTensorFlow(
  matrix: SparseMatrix,
  x: tf.Tensor2D,
  transposed: boolean,
  backend: TensorFlowBackend,
): tf.TensorInfo {
  const { binding } = backend;
  const entries = matrix.columns.length;
  // An int64 is two int32, the low half first; all values here are below 2^31.
  const coordinates = new Int32Array(4 * entries);
  rowsOf(matrix).forEach((row, e) => {
    coordinates[4 * e] = row;
    coordinates[4 * e + 2] = matrix.columns[e];
  });
  const operands = [
    binding.createTensor([entries, 2], binding.TF_INT64, coordinates),
    binding.createTensor([entries], binding.TF_FLOAT, matrix.values),
    binding.createTensor([2], binding.TF_INT64, Int32Array.of(matrix.shape[0], 0, matrix.shape[1], 0)),
  ];
  try {
    const [output] = binding.executeOp(
      'SparseTensorDenseMatMul',
      [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: 'Tindices', type: binding.TF_ATTR_TYPE, value: binding.TF_INT64 },
        { name: 'adjoint_a', type: binding.TF_ATTR_BOOL, value: transposed },
        { name: 'adjoint_b', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [...operands, ...backend.getInputTensorIds([x])],
      1,
    );
    return backend.createOutputTensor(output);
  } finally {
    for (const operand of operands) binding.deleteTensor(operand);
  }
}

/** gather · multiply, then scatter: right on any backend, with an array of all nonzeros' rows in between. */
function withStockOperations(matrix: SparseMatrix, x: tf.Tensor2D, transposed: boolean): tf.TensorInfo {
  const rows = rowsOf(matrix);
  const [from, to] = transposed ? [rows, matrix.columns] : [matrix.columns, rows];
  return tf.tidy(() => {
    const values = tf.tensor2d(matrix.values, [matrix.values.length, 1]);
    const terms = tf.mul(tf.gather(x, tf.tensor1d(from, 'int32')), values);
    const positions = tf.tensor2d(to, [to.length, 1], 'int32');
    return tf.scatterND(positions, terms, [matrix.shape[transposed ? 1 : 0], x.shape[1]]);
  });
}
