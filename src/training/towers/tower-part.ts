import type { BatchLayer, MiniBatch } from '../../sampling/minibatch.js';

/** One tower among several. */
export interface TowerPlace {
  /** From 0. */
  readonly rank: number;
  readonly towers: number;
}

/** How many of `rows` a tower holds: row p belongs to tower p mod towers, so that every prefix is shared alike. */
export function ownRows(rows: number, { rank, towers }: TowerPlace): number {
  return Math.max(0, Math.ceil((rows - rank) / towers));
}

/** A batch with a tower's rows of its nodes and layers; the pairs stay whole. */
export function towerPart(batch: MiniBatch, place: TowerPlace): MiniBatch {
  return {
    ...batch,
    nodes: batch.nodes.filter((_, position) => position % place.towers === place.rank),
    layers: batch.layers.map((layer) => layerPart(layer, place)),
  };
}

function layerPart({ targets, sources, neighbours, indices, weights }: BatchLayer, place: TowerPlace): BatchLayer {
  const rows = ownRows(targets, place);
  const own = { indices: new Int32Array(rows * neighbours), weights: new Float32Array(rows * neighbours) };
  for (let row = 0; row < rows; row++) {
    const from = (row * place.towers + place.rank) * neighbours;
    own.indices.set(indices.subarray(from, from + neighbours), row * neighbours);
    own.weights.set(weights.subarray(from, from + neighbours), row * neighbours);
  }
  return { targets: rows, sources, neighbours, ...own };
}

/** A tower's pairs, [from, to), and their share of the loss. One without pairs takes the first, at no weight. */
export function towerPairs(pairs: number, { rank, towers }: TowerPlace): { pairs: [number, number]; share: number } {
  const from = Math.floor((rank * pairs) / towers);
  const to = Math.floor(((rank + 1) * pairs) / towers);
  return to > from ? { pairs: [from, to], share: (to - from) / pairs } : { pairs: [0, 1], share: 0 };
}
