import { random, type Random } from '../random.js';
import type { HardNegatives } from './hard-negatives.js';
import type { Neighbourhoods } from './kernel.js';
import type { BatchBoards, BatchLayer, MiniBatch } from './minibatch.js';
import { type CumulativeChances, drawPin } from './negatives.js';
import type { PositivePairs } from './positive-pairs.js';

/** One batch to make. All arrays lie in shared memory, so a task costs no copy. */
export interface BatchTask {
  index: number;
  /** The batch's own pairs. */
  pairs: PositivePairs;
  neighbourhoods: Neighbourhoods;
  chances: CumulativeChances;
  negatives: number;
  hardNegatives: number;
  hardNegativePool: HardNegatives | undefined;
  layers: number;
  neighbourDropout: number;
  dropPairNeighbours: boolean;
  epoch: number;
  seed: number;
}

const batchStreams = 0x6261;

/** Makes batches over a catalogue; keeps scratch of the catalogue's size between them. */
export function batchMaker(pinCount: number, boardCount: number): (task: BatchTask) => MiniBatch {
  const index = new NodeIndex(pinCount);
  let boardIndex: NodeIndex | undefined;
  return (task) => {
    index.clear();
    const source = random(batchStreams, task.seed, task.epoch, task.index);
    const queries = index.positionsOf(task.pairs.queries);
    const positives = index.positionsOf(task.pairs.positives);
    const negatives = Int32Array.from({ length: task.negatives }, () =>
      index.positionOf(drawPin(task.chances, source)),
    );
    const hardNegatives = index.positionsOf(drawHardNegatives(task, source));
    const companions = companionPositions(task.pairs, index);
    const ownPins = index.size;
    const dropped = Uint8Array.from({ length: ownPins }, () => Number(source.float() < task.neighbourDropout));
    const layers = batchLayers(index, task, dropped);
    const { boards: walked } = task.neighbourhoods;
    if (walked) boardIndex ??= new NodeIndex(boardCount);
    const boards = walked && boardIndex && batchBoards(boardIndex, walked, index, dropped);
    return {
      epoch: task.epoch,
      index: task.index,
      queries,
      positives,
      negatives,
      hardNegatives,
      ...(companions && { companions }),
      nodes: index.nodes(),
      layers,
      ...(boards && { boards }),
    };
  };
}

/** Numbers nodes, pins or boards, in the order in which they first appear. */
class NodeIndex {
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

  nodes(): Uint32Array {
    return this.#nodes.slice(0, this.size);
  }
}

function companionPositions({ companions }: PositivePairs, index: NodeIndex): MiniBatch['companions'] {
  return companions && { offsets: companions.offsets, positions: index.positionsOf(companions.pins) };
}

/**
 * H pins for each query, one from each of H equal parts of what was mined for it, so that they differ where
 * there are enough. A query for which nothing was mined gets ordinary negatives.
 */
function drawHardNegatives(task: BatchTask, source: Random): Uint32Array {
  const { hardNegatives: wanted, hardNegativePool: mined, chances } = task;
  const { queries } = task.pairs;
  const drawn = new Uint32Array(queries.length * wanted);
  for (let i = 0; i < drawn.length; i++) {
    const query = queries[Math.floor(i / wanted)];
    const held = mined?.counts[query] ?? 0;
    const part = Math.floor((((i % wanted) + source.float()) * held) / wanted);
    drawn[i] = mined && held > 0 ? mined.pins[query * mined.size + part] : drawPin(chances, source);
  }
  return drawn;
}

/**
 * The layers of a batch whose own pins are already numbered, first convolution first; own pins that are `dropped`
 * have no neighbours.
 *
 * They are found from the last layer back: its targets are the batch's pins, and what a layer reads are the
 * targets of the one before. A pin keeps its position and its row in all layers, so each layer's rows are
 * the start of one list, and the layers are views of it.
 */
function batchLayers(index: NodeIndex, task: BatchTask, dropped: Uint8Array): BatchLayer[] {
  const { size } = task.neighbourhoods;
  const ownPins = dropped.length;
  const partners = task.dropPairNeighbours ? partnersOf(task.pairs) : undefined;
  let rows: Rows = { indices: new Int32Array(0), weights: new Float32Array(0) };
  const bounds: { targets: number; sources: number }[] = [];
  let filled = 0;
  for (let layer = 0; layer < task.layers; layer++) {
    const targets = index.size;
    rows = grown(rows, targets * size);
    for (let target = filled; target < targets; target++) {
      if (target < ownPins && dropped[target]) continue;
      const pin = index.nodeAt(target);
      fillRow(rows, target, pin, target < ownPins ? partners?.get(pin) : undefined, index, task.neighbourhoods);
    }
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

/** The boards of a batch's own pins, which are the first of `pins`. */
function batchBoards(
  index: NodeIndex,
  { size, neighbours, weights }: Omit<Neighbourhoods, 'boards'>,
  pins: NodeIndex,
  dropped: Uint8Array,
): BatchBoards {
  index.clear();
  const rows: Rows = {
    indices: new Int32Array(dropped.length * size),
    weights: new Float32Array(dropped.length * size),
  };
  dropped.forEach((without, target) => {
    if (!without) fillRow(rows, target, pins.nodeAt(target), undefined, index, { size, neighbours, weights });
  });
  if (index.size === 0) index.positionOf(0);
  return { nodes: index.nodes(), neighbours: size, ...rows };
}

interface Rows {
  indices: Int32Array<ArrayBuffer>;
  weights: Float32Array<ArrayBuffer>;
}

function grown(rows: Rows, length: number): Rows {
  const longer = { indices: new Int32Array(length), weights: new Float32Array(length) };
  longer.indices.set(rows.indices);
  longer.weights.set(rows.weights);
  return longer;
}

/** Copies a pin's neighbourhood without the `partners`, its weights brought back to a sum of 1. */
function fillRow(
  { indices, weights }: Rows,
  target: number,
  pin: number,
  partners: readonly number[] | undefined,
  index: NodeIndex,
  { size, neighbours, weights: importance }: Neighbourhoods,
): void {
  const from = pin * size;
  let next = target * size;
  let kept = 0;
  for (let i = from; i < from + size && importance[i] > 0; i++) {
    if (partners?.includes(neighbours[i])) continue;
    indices[next] = index.positionOf(neighbours[i]);
    weights[next++] = importance[i];
    kept += importance[i];
  }
  if (!partners) return;
  for (let i = target * size; i < next; i++) weights[i] /= kept;
}

/** Each pin of a pair with the pins on the other side of its pairs. */
function partnersOf({ queries, positives }: PositivePairs): Map<number, number[]> {
  const partners = new Map<number, number[]>();
  const add = (pin: number, partner: number): void => {
    const known = partners.get(pin);
    if (known) known.push(partner);
    else partners.set(pin, [partner]);
  };
  for (let i = 0; i < queries.length; i++) {
    add(queries[i], positives[i]);
    add(positives[i], queries[i]);
  }
  return partners;
}
