import * as tf from '@tensorflow/tfjs-core';
import { BoardwalkError } from '../../errors.js';

/** The parts of the wasm backend that show where a tensor's values lie. */
export interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: 'float32' | 'int32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
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
  return wasmBackend().typedArrayFromHeap(tensor) as Float32Array;
}

/** The values of a tensor of integers on the wasm heap, for as long as a view of others is good. */
export function heapIntegers(tensor: tf.TensorInfo): Int32Array {
  return wasmBackend().typedArrayFromHeap(tensor) as Int32Array;
}

/** Heaps that do so already: a backend is opened many times. */
const refusing = new WeakSet<WasmBackend['wasm']>();

/**
 * Lets a heap without room for a block throw `out_of_memory`. Its allocator answers 0 then, or where very
 * much was asked for, a block past the end, and the tensor library does not look: values would be written there.
 * Addresses come unsigned; those above 2 GiB were negative numbers.
 */
export function refuseFullHeap({ wasm }: Pick<WasmBackend, 'wasm'>): void {
  if (refusing.has(wasm)) return;
  refusing.add(wasm);
  // At its first call, the allocator puts another in its own place.
  const { _malloc: loading, _free: free } = wasm;
  free(loading(1));
  const { _malloc: allocate } = wasm;
  const refusal = (bytes: number): number => {
    const address = allocate(bytes) >>> 0;
    if (bytes > 0 && (address === 0 || address + bytes > wasm.asm.memory.buffer.byteLength)) throw heapIsFull(bytes);
    return address;
  };
  Object.assign(wasm, { _malloc: refusal });
}

function heapIsFull(bytes: number): BoardwalkError {
  const megabytes = Math.ceil(bytes / 2 ** 20).toLocaleString('en-US');
  return new BoardwalkError(
    'out_of_memory',
    `The wasm backend has no ${megabytes} MB left in its 4 GiB: give fewer features.idBuckets or features.textBuckets, fewer dimensions or a smaller batchSize in --config, or train with --backend node.`,
    { field: 'backend' },
  );
}

/** A new tensor, filled with whatever its memory held. */
export function emptyHeapTensor<T extends tf.Tensor>(
  shape: readonly number[],
  dtype: 'float32' | 'int32' = 'float32',
): T {
  return tf.engine().makeTensorFromTensorInfo(wasmBackend().makeOutput(shape, dtype)) as T;
}

/** A new tensor whose values `fill` writes where they are to lie. */
export function heapTensor(shape: readonly number[], fill: (values: Float32Array) => void): tf.Tensor {
  const tensor = emptyHeapTensor(shape);
  fill(heapView(tensor));
  return tensor;
}
