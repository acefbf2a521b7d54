import * as tf from '@tensorflow/tfjs-core';
import { type Arithmetic, rowsOf } from './arithmetic.js';
import { stockArithmetic } from './stock.js';

/** The parts of tfjs-node's backend and native binding that reach operations which tfjs does not wrap. */
interface TensorFlowBackend {
  binding: Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_FLOAT' | 'TF_INT64', number> & {
    createTensor(shape: number[], type: number, values: Float32Array | Int32Array): number;
    deleteTensor(id: number): void;
    executeOp(operation: string, attributes: object[], inputs: number[], outputs: number): object[];
  };
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(output: object): tf.Tensor;
  executeSingleOutput(operation: string, attributes: object[], inputs: tf.TensorInfo[]): tf.Tensor;
}

const native = (): TensorFlowBackend => tf.backend() as unknown as TensorFlowBackend;

/** An operation of float32 operands, and of no attribute but that. */
function execute<T extends tf.Tensor>(operation: string, inputs: tf.Tensor[]): T {
  const { binding } = native();
  const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  return native().executeSingleOutput(operation, [type], inputs) as T;
}

export const tensorflowArithmetic: Arithmetic = {
  ...stockArithmetic,

  /** tfjs's `step` takes six passes over its operand, and a product one more. */
  slopes(dy, value) {
    const slopes = value ? execute<tf.Tensor2D>('ReluGrad', [dy, value]) : dy.clone();
    return { slopes, columnSums: execute('BiasAddGrad', [slopes]) };
  },

  /** TensorFlow's own, which wants int64 coordinates: tfjs cannot hold them but the binding can. */
  sparseProduct(matrix, x, transposed) {
    const { binding } = native();
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
        [...operands, ...native().getInputTensorIds([x])],
        1,
      );
      return native().createOutputTensor(output) as tf.Tensor2D;
    } finally {
      for (const operand of operands) binding.deleteTensor(operand);
    }
  },
};
