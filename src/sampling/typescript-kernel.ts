import type { KernelFactory } from './kernel.js';
import { typescriptEngine } from './typescript-engine.js';
import { walkKernel } from './walk-kernel.js';

/** The walk kernel that runs anywhere, over graphs of any size. */
export const typescriptKernel: KernelFactory = (graph) => walkKernel(graph, typescriptEngine(graph));
