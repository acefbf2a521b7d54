import * as tf from '@tensorflow/tfjs-core';
import { BoardwalkError } from '../../errors.js';

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

/**
 * A block of the heap, as an unsigned address: one above 2 GiB comes as a negative number. Throws `out_of_memory` where
 * the heap, of 4 GiB at most, has no such block left.
 */
export function heapBlock({ _malloc: allocate }: Pick<WasmBackend['wasm'], '_malloc'>, bytes: number): number {
  return onHeap(allocate(bytes) >>> 0, bytes);
}

/** The heap's allocator answers 0 where it has none left, and values must not be written there. */
function onHeap(address: number, bytes: number): number {
  if (address === 0 && bytes > 0)
    throw new BoardwalkError(
      'out_of_memory',
      `The wasm backend has no ${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MB left in its 4 GiB: give fewer features.idBuckets or features.textBuckets, fewer dimensions or a smaller batchSize in --config, or train with --backend node.`,
      { field: 'backend' },
    );
  return address;
}

/** A new tensor, filled with whatever its memory held. Throws `out_of_memory`. */
export function emptyHeapTensor<T extends tf.Tensor>(shape: readonly number[]): T {
  const backend = wasmBackend();
  const info = backend.makeOutput(shape, 'float32');
  onHeap(backend.dataIdMap.get(info.dataId).memoryOffset, 4 * tf.util.sizeFromShape([...shape]));
  return tf.engine().makeTensorFromTensorInfo(info) as T;
}

/** A new tensor whose values `fill` writes where they are to lie. */
export function heapTensor(shape: readonly number[], fill: (values: Float32Array) => void): tf.Tensor {
  const tensor = emptyHeapTensor(shape);
  fill(heapView(tensor));
  return tensor;
}
