import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../../linear/sparse-matrix.js';
import { type Arithmetic, transpose } from './arithmetic.js';
import { stockArithmetic } from './stock.js';

/** What tfjs's WebGPU backend takes a kernel of one's own as; it declares the variables and the uniforms itself. */
interface Program {
  readonly variableNames: readonly string[];
  readonly uniforms: string;
  readonly outputShape: readonly number[];
  readonly workgroupSize: readonly [number, number, number];
  readonly dispatchLayout: { readonly x: readonly number[] };
  /** Workgroups; the backend folds a number that is too large for one direction. */
  dispatch: [number, number, number];
  readonly size: true;
  /** Programs of one key share their compiled code. */
  readonly shaderKey: string;
  getUserCode(): string;
}

interface WebGpuBackend {
  runWebGPUProgram(
    program: Program,
    inputs: readonly tf.TensorInfo[],
    type: 'float32',
    uniforms: readonly { readonly type: string; readonly data: readonly number[] }[],
  ): tf.TensorInfo;
}

const workgroup = 128;

/** One invocation an element of the result: it sums its row's terms in their order, so no two write to one place. */
function rowSums(rows: number, width: number): Program {
  return {
    variableNames: ['offsets', 'columns', 'values', 'x'],
    uniforms: 'width : i32,',
    outputShape: [rows, width],
    workgroupSize: [workgroup, 1, 1],
    dispatchLayout: { x: [0, 1] },
    dispatch: [Math.ceil((rows * width) / workgroup), 1, 1],
    size: true,
    shaderKey: 'boardwalk-row-sums',
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let row = index / uniforms.width;
          let column = index % uniforms.width;
          var sum = 0.0;
          for (var e = offsets[row]; e < offsets[row + 1]; e++) {
            sum += values[e] * x[columns[e] * uniforms.width + column];
          }
          setOutputAtIndex(index, sum);
        }
      }`,
  };
}

/** tfjs's own operations, but for the sparse product: theirs would write out all terms, then add them by atomics. */
export const webGpuArithmetic: Arithmetic = {
  ...stockArithmetic,

  sparseProduct(given: SparseMatrix, x, transposed) {
    const matrix = transposed ? transpose(given) : given;
    const [[rows], width] = [matrix.shape, x.shape[1]];
    // Buffers hold something, or they cannot be bound.
    if (matrix.columns.length === 0 || x.size === 0) return tf.zeros([rows, width]);
    const backend = tf.backend() as unknown as WebGpuBackend;
    return tf.tidy(() => {
      const operands = [
        tf.tensor1d(matrix.offsets, 'int32'),
        tf.tensor1d(matrix.columns, 'int32'),
        tf.tensor1d(matrix.values),
        x,
      ];
      const uniforms = [{ type: 'int32', data: [width] }];
      const sums = backend.runWebGPUProgram(rowSums(rows, width), operands, 'float32', uniforms);
      return tf.engine().makeTensorFromTensorInfo(sums) as tf.Tensor2D;
    });
  },
};
