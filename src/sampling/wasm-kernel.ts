import { BoardwalkError } from '../errors.js';
import type { KernelFactory } from './kernel.js';
import { walkKernel } from './walk-kernel.js';
import { wasmEngine } from './wasm-engine.js';

/** The fastest walk kernel, over graphs that lie in WebAssembly's shared memory: up to 4 GiB. */
export const wasmKernel: KernelFactory = (graph) => {
  if (!graph.memory)
    throw new BoardwalkError(
      'too_many_edges',
      "The graph does not lie in WebAssembly's memory: it is larger than 4 GiB, or the host grants none. Use the TypeScript kernel.",
    );
  return walkKernel(graph, wasmEngine(graph, graph.memory));
};
