import { BoardwalkError } from '../errors.js';
import type { Topology } from '../graph/graph.js';
import { hopsOf, type PinSageSpec } from '../model/spec.js';
import { streamOf } from '../random.js';
import { type BatchLoader, batchLoader } from '../sampling/batch-loader.js';
import { type HardNegatives, hardNegativesInEpoch } from '../sampling/hard-negatives.js';
import type { Neighbourhoods } from '../sampling/kernel.js';
import type { MiniBatch } from '../sampling/minibatch.js';
import { someOfPairs } from '../sampling/positive-pairs.js';
import type { WalkPool } from '../sampling/pool.js';
import { type BoardPairs, boardPairs, boardsOf } from './board-pairs.js';
import { foldOf, inTurn } from './folds.js';

export interface EpochBatchesOptions {
  spec: PinSageSpec;
  /** From 1. */
  epoch: number;
  seed: number;
  /** For each fold, one or more walks, of which each serves an equal part of the fold's batches. */
  neighbourhoods: readonly (readonly Neighbourhoods[])[];
  /** Needed in epochs that have hard negatives. */
  hardNegatives: HardNegatives | undefined;
}

/** A batch with the board of each of its pairs. */
export interface BoardBatch {
  readonly batch: MiniBatch;
  /** [B] */
  readonly boards: Uint32Array;
}

/** One epoch's batches, the folds and their walks in turn. */
export interface EpochBatches extends AsyncIterable<BoardBatch> {
  readonly count: number;
  /** Time the trainer has spent waiting for batches so far. */
  readonly waitedMilliseconds: number;
}

/** Draws an epoch's pairs and has the pool make their batches. */
export function epochBatches(topology: Topology, pool: WalkPool, options: EpochBatchesOptions): EpochBatches {
  const { spec, epoch, seed, neighbourhoods, hardNegatives } = options;
  const { batchSize, negatives, negativeDistribution, neighbourDropout, folds } = spec;
  const parts = neighbourhoods.flatMap((walks, fold) => {
    const pairs = boardPairs(topology, {
      pinsPerBoard: spec.pinsPerBoard,
      limit: Math.ceil(spec.pairsPerEpoch / folds),
      queryPins: spec.query === 'board' ? spec.queryPins : 0,
      epoch,
      seed,
      accepts: (board) => foldOf(board, folds, seed) === fold,
    });
    return walks.map((walked, walk) => ({ walked, pairs: sliceOf(pairs, walk, walks.length, batchSize) }));
  });
  const loaders: readonly BatchLoader[] = parts.map(({ walked, pairs }, part) =>
    batchLoader(pool, {
      batchSize,
      negatives,
      negativeDistribution,
      layers: hopsOf(spec),
      neighbourDropout,
      hardNegatives: hardNegativesInEpoch(epoch, spec.hardNegatives),
      neighbourhoods: walked,
      pairs,
      epoch,
      hardNegativePool: hardNegatives,
      // With folds, the pair's own board is not among those walked.
      dropPairNeighbours: folds === 1,
      seed: streamOf(seed, part),
      ahead: Math.max(1, Math.ceil((2 * pool.threads) / parts.length)),
    }),
  );
  const total = (figure: (loader: BatchLoader) => number): number =>
    loaders.reduce((sum, loader) => sum + figure(loader), 0);
  const count = total(({ batches }) => batches);
  if (count === 0)
    throw new BoardwalkError(
      'bad_file',
      'No board has two pins left to train on once validation edges are hidden: add edges, or hide fewer (validation in --config).',
    );
  return {
    count,
    get waitedMilliseconds() {
      return total(({ waitedMilliseconds }) => waitedMilliseconds);
    },
    async *[Symbol.asyncIterator]() {
      let index = 0;
      for await (const { item: batch, source } of inTurn(loaders)) {
        // Loaders number the batches of their own part, and what a step draws by that number would come again in each.
        yield { batch: { ...batch, index: index++ }, boards: boardsOf(parts[source].pairs, batch, batchSize) };
      }
    },
  };
}

/** One of several parts of whole batches. */
function sliceOf(pairs: BoardPairs, part: number, parts: number, batchSize: number): BoardPairs {
  const batches = Math.ceil(pairs.queries.length / batchSize);
  const from = Math.floor((part * batches) / parts) * batchSize;
  const to = Math.min(Math.floor(((part + 1) * batches) / parts) * batchSize, pairs.queries.length);
  return { ...someOfPairs(pairs, from, to), boards: pairs.boards.slice(from, to) };
}
