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

/** out[r] += v · x[c] for every nonzero; `out` starts at zero. Both are row-major with `width` columns. */
export function multiplyInto(
  out: Float32Array,
  { offsets, columns, values }: SparseMatrix,
  x: Float32Array,
  width: number,
  transposed: boolean,
): void {
  const rows = offsets.length - 1;
  for (let row = 0; row < rows; row++) {
    const rowStart = row * width;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      const value = values[e];
      if (value === 0) continue;
      let to = rowStart;
      let from = columns[e] * width;
      if (transposed) [to, from] = [from, to];
      for (const end = to + width; to < end; ) out[to++] += value * x[from++];
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
  const out = backend.typedArrayFromHeap(info).fill(0);
  multiplyInto(out, matrix, backend.typedArrayFromHeap(x), width, transposed);
  return info;
}

interface TensorFlowBackend {
  binding: Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_FLOAT' | 'TF_INT32' | 'TF_INT64', number>;
  executeSingleOutput(operation: string, attributes: object[], inputs: tf.Tensor[]): tf.Tensor;
}

/** For each nonzero, the row it lies in. */
function rowsOf({ offsets, columns }: SparseMatrix): Int32Array {
  const rows = new Int32Array(columns.length);
  for (let row = 0; row + 1 < offsets.length; row++) rows.fill(row, offsets[row], offsets[row + 1]);
  return rows;
}

/** TensorFlow's own sparse product, which tfjs does not wrap; it wants int64 coordinates. */
function onTensorFlow(
  matrix: SparseMatrix,
  x: tf.Tensor2D,
  transposed: boolean,
  backend: TensorFlowBackend,
): tf.TensorInfo {
  const { binding } = backend;
  const coordinates = new Int32Array(2 * matrix.columns.length);
  rowsOf(matrix).forEach((row, e) => {
    coordinates[2 * e] = row;
    coordinates[2 * e + 1] = matrix.columns[e];
  });
  const int64 = (values: Int32Array | number[], shape: number[]): tf.Tensor =>
    backend.executeSingleOutput(
      'Cast',
      [
        { name: 'SrcT', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
        { name: 'DstT', type: binding.TF_ATTR_TYPE, value: binding.TF_INT64 },
        { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [tf.tensor(values, shape, 'int32')],
    );
  return tf.tidy(() =>
    backend.executeSingleOutput(
      'SparseTensorDenseMatMul',
      [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: 'Tindices', type: binding.TF_ATTR_TYPE, value: binding.TF_INT64 },
        { name: 'adjoint_a', type: binding.TF_ATTR_BOOL, value: transposed },
        { name: 'adjoint_b', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [
        int64(coordinates, [matrix.columns.length, 2]),
        tf.tensor1d(matrix.values),
        int64([...matrix.shape], [2]),
        x,
      ],
    ),
  );
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
