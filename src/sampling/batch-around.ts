import { rowCount, type WalkedGraph } from '../graph/walk-rows.js';
import { batchLayers, fillRow, NodeIndex } from './batch-layers.js';
import type { ImportancePoolingOptions, WalkKernel } from './kernel.js';
import type { MiniBatch } from './minibatch.js';

/**
 * Makes batches of some pins of a graph, in their order and each once, by walks from them and from what they lead to:
 * for few pins of a graph whose neighbourhoods nobody holds, such as one that changes.
 */
export function batchAround(
  topology: WalkedGraph,
  kernel: WalkKernel,
  layers: number,
  walks: ImportancePoolingOptions,
): (pins: Uint32Array) => Pick<MiniBatch, 'nodes' | 'layers'> {
  const index = new NodeIndex(rowCount(topology.pins));
  return (pins) => {
    index.clear();
    index.positionsOf(pins);
    const around = batchLayers(index, layers, walks.neighbours, (rows, from, to) => {
      const walked = kernel.importancePool(index.nodes(from), walks);
      for (let target = from; target < to; target++) fillRow(rows, target, walked, target - from, index);
    });
    return { nodes: index.nodes(), layers: around };
  };
}
