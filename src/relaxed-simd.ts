import { setFlagsFromString } from 'node:v8';

/**
 * Whether the host runs a module with relaxed SIMD instructions, such as the fused multiply-add, which rounds once where
 * two instructions round twice.
 */
export function runsRelaxedSimd(module: Uint8Array<ArrayBuffer>): boolean {
  // Node 20 has relaxed SIMD as V8 shipped it one release later, behind this flag; newer ones know no flag.
  if (!WebAssembly.validate(module) && process.versions.node.startsWith('20.'))
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(module);
}
