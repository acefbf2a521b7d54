import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from './sparse-product.js';

/**
 * Two kernels, one implementation a backend. `NeighbourMaximum` {x} {matrix} gives [rows, columns] maxima, and
 * for each the row of x that it came from, -1 where a row has no neighbour. `NeighbourMaximumGradient`
 * {dy, chosen} {sources} brings gradients back to those rows.
 */
const names = { forward: 'NeighbourMaximum', backward: 'NeighbourMaximumGradient' } as const;

const registered = new Set<string>();

/** Registers the kernels for the chosen backend, once. */
export function registerMaximumKernels(): void {
  const backendName = tf.getBackend();
  if (registered.has(backendName)) return;
  registered.add(backendName);
  const { forward, backward } = backendName === 'wasm' ? onWasmHeap : withStockOperations;
  tf.registerKernel({
    kernelName: names.forward,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { matrix } = attrs as object as { matrix: SparseMatrix };
      return forward(matrix, inputs.x as tf.Tensor2D, backend as never);
    },
  });
  tf.registerKernel({
    kernelName: names.backward,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { sources } = attrs as object as { sources: number };
      return backward(inputs.dy as tf.Tensor2D, inputs.chosen as tf.Tensor2D, sources, backend as never);
    },
  });
}

interface Kernels {
  forward(matrix: SparseMatrix, x: tf.Tensor2D, backend: never): tf.TensorInfo[];
  backward(dy: tf.Tensor2D, chosen: tf.Tensor2D, sources: number, backend: never): tf.TensorInfo;
}

/**
 * Writes into each row of `out` the largest of its neighbours' values, column by column, and into `chosen` whose
 * it was, the first listed among equals. A neighbour is an entry above 0; a row without any gets 0 and -1.
 */
export function maximumInto(
  out: Float32Array,
  chosen: Int32Array,
  { offsets, columns, values }: SparseMatrix,
  x: Float32Array,
  width: number,
): void {
  chosen.fill(-1);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const start = row * width;
    let first = true;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      if (values[e] <= 0) continue;
      const source = columns[e];
      const from = source * width;
      for (let j = 0; j < width; j++) {
        if (!first && x[from + j] <= out[start + j]) continue;
        out[start + j] = x[from + j];
        chosen[start + j] = source;
      }
      first = false;
    }
    if (first) out.fill(0, start, start + width);
  }
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32' | 'int32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
}

/** Loops over views of the wasm heap, taken after the allocations, which may move it. */
const onWasmHeap: Kernels = {
  forward(matrix, x, backend: WasmBackend) {
    const shape = [matrix.shape[0], x.shape[1]];
    const maxima = backend.makeOutput(shape, 'float32');
    const chosen = backend.makeOutput(shape, 'int32');
    maximumInto(
      backend.typedArrayFromHeap(maxima) as Float32Array,
      backend.typedArrayFromHeap(chosen) as Int32Array,
      matrix,
      backend.typedArrayFromHeap(x) as Float32Array,
      x.shape[1],
    );
    return [maxima, chosen];
  },
  backward(dy, chosen, sources, backend: WasmBackend) {
    const [rows, width] = dy.shape;
    const info = backend.makeOutput([sources, width], 'float32');
    const out = backend.typedArrayFromHeap(info).fill(0);
    const slopes = backend.typedArrayFromHeap(dy);
    const from = backend.typedArrayFromHeap(chosen);
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < width; j++) {
        const at = row * width + j;
        if (from[at] >= 0) out[from[at] * width + j] += slopes[at];
      }
    return info;
  },
};

/** The same in operations of any backend, with an array of all neighbours' rows in between. */
const withStockOperations: Kernels = {
  forward(matrix, x) {
    const [rows] = matrix.shape;
    const width = x.shape[1];
    const { longest, columns, filled } = padded(matrix);
    return tf.tidy(() => {
      const sources = tf.tensor1d(columns, 'int32');
      const some = tf.tensor2d(filled, [rows, 1], 'bool');
      const neighbours = tf.reshape(tf.gather(x, sources), [rows, longest, width]);
      const starts = Int32Array.from({ length: rows }, (_, row) => row * longest);
      const places = tf.add(tf.argMax(neighbours, 1), tf.tensor2d(starts, [rows, 1], 'int32'));
      const chosen = tf.gather(sources, tf.reshape(places, [rows * width]));
      return [
        tf.where(some, tf.max(neighbours, 1), tf.scalar(0)),
        tf.where(some, tf.reshape(chosen, [rows, width]), tf.scalar(-1, 'int32')),
      ];
    });
  },
  backward(dy, chosen, sources) {
    const [rows, width] = dy.shape;
    return tf.tidy(() => {
      const column = tf.range(0, width, 1, 'int32');
      const positions = tf.add(tf.mul(tf.maximum(chosen, 0), width), column);
      const slopes = tf.mul(dy, tf.cast(tf.greaterEqual(chosen, 0), 'float32'));
      const sums = tf.scatterND(
        tf.reshape(tf.cast(positions, 'int32'), [rows * width, 1]),
        tf.reshape(slopes, [rows * width]),
        [sources * width],
      );
      return tf.reshape(sums, [sources, width]);
    });
  },
};

/** Rows brought to one length by repeating their first neighbour; `filled` is 0 for a row without any. */
function padded({ shape: [rows], offsets, columns, values }: SparseMatrix) {
  let longest = 1;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, offsets[row + 1] - offsets[row]);
  const result = { longest, columns: new Int32Array(rows * longest), filled: new Uint8Array(rows) };
  for (let row = 0; row < rows; row++) {
    const start = row * longest;
    let next = start;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) if (values[e] > 0) result.columns[next++] = columns[e];
    result.filled[row] = Number(next > start);
    result.columns.fill(result.columns[start], next, start + longest);
  }
  return result;
}
