import * as tf from '@tensorflow/tfjs-core';
import type { Arithmetic } from './arithmetic.js';
import { stockArithmetic } from './stock.js';
import { tensorflowArithmetic } from './tensorflow.js';
import { wasmArithmetic } from './wasm.js';
import { type WasmBackend, wasmBackend } from './wasm-heap.js';
import { webGpuArithmetic } from './webgpu.js';

let opened: { readonly backend: WasmBackend; readonly arithmetic: Arithmetic } | undefined;

/** That of the backend which is chosen. */
export function arithmetic(): Arithmetic {
  switch (tf.getBackend()) {
    case 'wasm': {
      if (!tf.env().getBool('WASM_HAS_SIMD_SUPPORT')) return stockArithmetic;
      const backend = wasmBackend();
      if (opened?.backend !== backend) opened = { backend, arithmetic: wasmArithmetic(backend) };
      return opened.arithmetic;
    }
    case 'tensorflow':
      return tensorflowArithmetic;
    case 'webgpu':
      return webGpuArithmetic;
    default:
      return stockArithmetic;
  }
}
