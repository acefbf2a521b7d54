import * as tf from '@tensorflow/tfjs-core';

/** The parts of the wasm backend that show where a tensor's values lie. */
export interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
  dataIdMap: { get(dataId: tf.DataId): { memoryOffset: number } };
  wasm: {
    asm: { memory: WebAssembly.Memory<ArrayBuffer> };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
}

export const wasmBackend = (): WasmBackend => tf.backend() as unknown as WasmBackend;

/** A tensor's values on the wasm heap; a view is good until the next tensor is made. */
export function heapView(tensor: tf.TensorInfo): Float32Array {
  return wasmBackend().typedArrayFromHeap(tensor);
}

/** A new tensor, filled with whatever its memory held. */
export function emptyHeapTensor<T extends tf.Tensor>(shape: readonly number[]): T {
  return tf.engine().makeTensorFromTensorInfo(wasmBackend().makeOutput(shape, 'float32')) as T;
}

/** A new tensor whose values `fill` writes where they are to lie. */
export function heapTensor(shape: readonly number[], fill: (values: Float32Array) => void): tf.Tensor {
  const tensor = emptyHeapTensor(shape);
  fill(heapView(tensor));
  return tensor;
}
