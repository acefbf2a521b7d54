import { openBackend } from '../src/model/backends.js';
import { type BenchmarkResult, keepResult, machine } from './machine.js';
import { raceSizesOn } from './step-race.js';

/** A training step through WebGPU, and with tfjs-node-gpu where it is installed, beside wasm and PyTorch on CUDA. */
export async function run(): Promise<BenchmarkResult> {
  const started = new Date();
  console.error(machine());
  await openBackend('wasm');
  const result = await raceSizesOn('gpu');
  keepResult('gpu', started, result);
  return result;
}
