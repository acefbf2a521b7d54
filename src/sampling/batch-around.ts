import { batchLayers, fillRow, BatchNumbering } from './batch-layers.js';
import type { Neighbourhoods } from './kernel.js';
import type { MiniBatch } from './minibatch.js';

/**
 * Makes batches of some pins of a graph, in their order and each once, by walks from them and from what they lead to:
 * for few pins of a graph whose neighbourhoods nobody holds, such as one that changes. `walk` gives rows of `size`
 * columns for the pins that it is given.
 */
export function batchAround(
  pinCount: number,
  layers: number,
  size: number,
  walk: (pins: Uint32Array) => Neighbourhoods,
): (pins: Uint32Array) => Pick<MiniBatch, 'nodes' | 'layers'> {
  const index = new BatchNumbering(pinCount);
  return (pins) => {
    index.clear();
    index.positionsOf(pins);
    const around = batchLayers(index, layers, size, (rows, from, to) => {
      const walked = walk(index.nodes(from));
      for (let target = from; target < to; target++) fillRow(rows, target, walked, target - from, index);
    });
    return { nodes: index.nodes(), layers: around };
  };
}
