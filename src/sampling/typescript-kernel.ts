import { BoardwalkError } from '../errors.js';
import { edgeLimit } from '../graph/adjacency-file.js';
import type { KernelFactory } from './kernel.js';
import { typescriptEngine } from './typescript-engine.js';
import { walkKernel } from './walk-kernel.js';

/** The walk kernel that runs anywhere, over graphs of up to 2^31 - 1 edges: places in a row are signed. */
export const typescriptKernel: KernelFactory = (graph) => {
  for (const { neighbours } of [graph.pins, graph.boards])
    if (neighbours.length > edgeLimit)
      throw new BoardwalkError(
        'too_many_edges',
        `The graph has ${neighbours.length} edges; walks reach ${edgeLimit}. Prune it, or walk its partitions side by side.`,
      );
  return walkKernel(graph, typescriptEngine(graph));
};
