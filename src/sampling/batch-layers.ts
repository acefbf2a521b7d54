import type { Neighbourhoods } from './kernel.js';
import type { BatchLayer } from './minibatch.js';

/** Numbers nodes, pins or boards, in the order in which they first appear. */
export class BatchNumbering {
  /** Position by node, -1 where the node is not in the batch. */
  readonly #positions: Int32Array;
  readonly #nodes: Uint32Array;
  size = 0;

  constructor(nodeCount: number) {
    this.#positions = new Int32Array(nodeCount).fill(-1);
    this.#nodes = new Uint32Array(nodeCount);
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) this.#positions[this.#nodes[i]] = -1;
    this.size = 0;
  }

  nodeAt(position: number): number {
    return this.#nodes[position];
  }

  positionOf(node: number): number {
    let position = this.#positions[node];
    if (position === -1) {
      position = this.size++;
      this.#positions[node] = position;
      this.#nodes[position] = node;
    }
    return position;
  }

  positionsOf(nodes: Uint32Array): Int32Array {
    return Int32Array.from(nodes, (node) => this.positionOf(node));
  }

  /** The nodes from position `from` on, as a copy. */
  nodes(from = 0): Uint32Array {
    return this.#nodes.slice(from, this.size);
  }
}

/** Rows of neighbours by position in a batch, padded with 0. */
export interface NeighbourRows {
  indices: Int32Array<ArrayBuffer>;
  weights: Float32Array<ArrayBuffer>;
}

export function neighbourRows(length: number): NeighbourRows {
  return { indices: new Int32Array(length), weights: new Float32Array(length) };
}

/**
 * The layers of a batch whose own pins are already numbered, first convolution first, with T = `size` neighbours a pin.
 * `fill` writes the rows of the positions `from` to `to` - 1, and numbers the pins that it meets there.
 *
 * They are found from the last layer back: its targets are the batch's pins, and what a layer reads are the
 * targets of the one before. A pin keeps its position and its row in all layers, so each layer's rows are
 * the start of one list, and the layers are views of it.
 */
export function batchLayers(
  index: BatchNumbering,
  layers: number,
  size: number,
  fill: (rows: NeighbourRows, from: number, to: number) => void,
): BatchLayer[] {
  let rows = neighbourRows(0);
  const bounds: { targets: number; sources: number }[] = [];
  let filled = 0;
  for (let layer = 0; layer < layers; layer++) {
    const targets = index.size;
    rows = grown(rows, targets * size);
    fill(rows, filled, targets);
    filled = targets;
    bounds.unshift({ targets, sources: index.size });
  }
  return bounds.map(({ targets, sources }) => ({
    targets,
    sources,
    neighbours: size,
    indices: rows.indices.subarray(0, targets * size),
    weights: rows.weights.subarray(0, targets * size),
  }));
}

function grown(rows: NeighbourRows, length: number): NeighbourRows {
  const longer = neighbourRows(length);
  longer.indices.set(rows.indices);
  longer.weights.set(rows.weights);
  return longer;
}

/**
 * Copies a row of neighbourhoods to a target's, without the `partners` among those of the first graph, whose weights
 * are then brought back to a sum of 1.
 */
export function fillRow(
  { indices, weights }: NeighbourRows,
  target: number,
  { size, graphs = 1, neighbours, weights: importance }: Omit<Neighbourhoods, 'boards'>,
  row: number,
  index: BatchNumbering,
  partners?: readonly number[],
): void {
  const part = size / graphs;
  for (let graph = 0; graph < graphs; graph++) {
    const from = row * size + graph * part;
    const start = target * size + graph * part;
    const left = graph === 0 ? partners : undefined;
    let next = start;
    let kept = 0;
    for (let i = from; i < from + part && importance[i] > 0; i++) {
      if (left?.includes(neighbours[i])) continue;
      indices[next] = index.positionOf(neighbours[i]);
      weights[next++] = importance[i];
      kept += importance[i];
    }
    if (left) for (let i = start; i < next; i++) weights[i] /= kept;
  }
}
