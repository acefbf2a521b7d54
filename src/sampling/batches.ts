import { random, type Random } from '../random.js';
import { batchLayers, fillRow, neighbourRows, BatchNumbering } from './batch-layers.js';
import type { HardNegatives } from './hard-negatives.js';
import type { Neighbourhoods } from './kernel.js';
import type { BatchBoards, MiniBatch } from './minibatch.js';
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
  const index = new BatchNumbering(pinCount);
  let boardIndex: BatchNumbering | undefined;
  return (task) => {
    index.clear();
    const source = random(batchStreams, task.seed, task.epoch, task.index);
    const queries = index.positionsOf(task.pairs.queries);
    const positives = index.positionsOf(task.pairs.positives);
    const negatives = Int32Array.from({ length: task.negatives }, () =>
      index.positionOf(drawPin(task.chances, source)),
    );
    const hardNegatives = index.positionsOf(drawHardNegatives(task, source));
    const { companions: pinsBeside } = task.pairs;
    const companions = pinsBeside && { offsets: pinsBeside.offsets, positions: index.positionsOf(pinsBeside.pins) };
    const ownPins = index.size;
    const dropped = Uint8Array.from({ length: ownPins }, () => Number(source.float() < task.neighbourDropout));
    const partners = task.dropPairNeighbours ? partnersOf(task.pairs) : undefined;
    const { neighbourhoods } = task;
    const layers = batchLayers(index, task.layers, neighbourhoods.size, (rows, from, to) => {
      for (let target = from; target < to; target++) {
        const isOwn = target < ownPins;
        if (isOwn && dropped[target]) continue;
        const pin = index.nodeAt(target);
        fillRow(rows, target, neighbourhoods, pin, index, isOwn ? partners?.get(pin) : undefined);
      }
    });
    const { boards: walked } = neighbourhoods;
    if (walked) boardIndex ??= new BatchNumbering(boardCount);
    const boards = walked && boardIndex && batchBoards(boardIndex, walked, index, dropped);
    return {
      epoch: task.epoch,
      index: task.index,
      queries,
      positives,
      negatives,
      hardNegatives,
      companions,
      nodes: index.nodes(),
      layers,
      boards,
    };
  };
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

/** The boards of a batch's own pins, which are the first of `pins`. */
function batchBoards(
  index: BatchNumbering,
  walked: Omit<Neighbourhoods, 'boards'>,
  pins: BatchNumbering,
  dropped: Uint8Array,
): BatchBoards {
  index.clear();
  const rows = neighbourRows(dropped.length * walked.size);
  dropped.forEach((without, target) => {
    if (!without) fillRow(rows, target, walked, pins.nodeAt(target), index);
  });
  if (index.size === 0) index.positionOf(0);
  return { nodes: index.nodes(), neighbours: walked.size, ...rows };
}

/**
 * Each pin of a pair with the pins on the other side of its pairs: a positive also with the companions that ask for it,
 * for the board that they share is what the pair is to predict.
 */
function partnersOf({ queries, positives, companions }: PositivePairs): Map<number, number[]> {
  const partners = new Map<number, number[]>();
  const add = (pin: number, partner: number): void => {
    const known = partners.get(pin);
    if (known) known.push(partner);
    else partners.set(pin, [partner]);
  };
  for (let i = 0; i < queries.length; i++) {
    const asking = companions?.pins.subarray(companions.offsets[i], companions.offsets[i + 1]) ?? [];
    for (const pin of new Set([queries[i], ...asking])) {
      add(pin, positives[i]);
      add(positives[i], pin);
    }
  }
  return partners;
}
