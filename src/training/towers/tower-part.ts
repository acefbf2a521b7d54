import { type BatchBoards, type BatchLayer, type MiniBatch, ownPins } from '../../sampling/minibatch.js';

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

/** A batch with a tower's rows of its nodes, layers and boards; the pairs stay whole. */
export function towerPart(batch: MiniBatch, place: TowerPlace): MiniBatch {
  return {
    ...batch,
    nodes: ownNodes(batch.nodes, place),
    layers: batch.layers.map((layer) => layerPart(layer, place)),
    boards: batch.boards && boardsPart(batch.boards, ownPins(batch), place),
  };
}

function layerPart({ targets, sources, neighbours, indices, weights }: BatchLayer, place: TowerPlace): BatchLayer {
  const rows = ownRows(targets, place);
  return { targets: rows, sources, neighbours, ...rowsPart(indices, weights, rows, neighbours, place) };
}

function boardsPart(
  { nodes, neighbours, indices, weights }: BatchBoards,
  pins: number,
  place: TowerPlace,
): BatchBoards {
  const rows = ownRows(pins, place);
  return { nodes: ownNodes(nodes, place), neighbours, ...rowsPart(indices, weights, rows, neighbours, place) };
}

function ownNodes(nodes: Uint32Array, { rank, towers }: TowerPlace): Uint32Array {
  return nodes.filter((_, position) => position % towers === rank);
}

/** A tower's `rows` rows of neighbours. */
function rowsPart(
  indices: Int32Array,
  weights: Float32Array,
  rows: number,
  neighbours: number,
  { rank, towers }: TowerPlace,
): Pick<BatchLayer, 'indices' | 'weights'> {
  const own = { indices: new Int32Array(rows * neighbours), weights: new Float32Array(rows * neighbours) };
  for (let row = 0; row < rows; row++) {
    const from = (row * towers + rank) * neighbours;
    own.indices.set(indices.subarray(from, from + neighbours), row * neighbours);
    own.weights.set(weights.subarray(from, from + neighbours), row * neighbours);
  }
  return own;
}

/** A tower's pairs, [from, to), and their share of the loss. One without pairs takes the first, at no weight. */
export function towerPairs(pairs: number, { rank, towers }: TowerPlace): { pairs: [number, number]; share: number } {
  const from = Math.floor((rank * pairs) / towers);
  const to = Math.floor(((rank + 1) * pairs) / towers);
  return to > from ? { pairs: [from, to], share: (to - from) / pairs } : { pairs: [0, 1], share: 0 };
}
