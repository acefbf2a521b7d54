import { BoardwalkError } from '../errors.js';
import { withDefaults } from '../with-defaults.js';
import type { BatchTask } from './batches.js';
import type { HardNegatives } from './hard-negatives.js';
import type { Neighbourhoods } from './kernel.js';
import type { MiniBatch } from './minibatch.js';
import { cumulativeChances, type NegativeDistribution } from './negatives.js';
import type { WalkPool } from './pool.js';
import { type PositivePairs, someOfPairs } from './positive-pairs.js';
import { neighbourhoodsInShared, inSharedMemory } from './shared-arrays.js';

export interface BatchLoaderOptions {
  /** Rows of all pins of the pool's graph: row i belongs to pin i. */
  neighbourhoods: Neighbourhoods;
  /** One epoch's pairs in the order in which they are to be trained. */
  pairs: PositivePairs;
  /** From 1. */
  epoch: number;
  /** Pairs a batch; the last batch holds what is left. */
  batchSize: number;
  /** Negatives that the whole batch shares. They may be pins of the batch: a popular pin must be pushed away too. */
  negatives: number;
  /** How the shared negatives are drawn from the catalogue. */
  negativeDistribution?: NegativeDistribution;
  /** H, hard negatives for each query; needs `hardNegativePool` where above 0. */
  hardNegatives: number;
  /** What `mineHardNegatives` found. */
  hardNegativePool?: HardNegatives;
  /** K, the convolutions. */
  layers: number;
  /** Probability that a batch pin loses all its neighbours in all layers, so that it learns to stand alone. */
  neighbourDropout: number;
  /** Takes a pair's pins out of each other's neighbourhoods, for their own edge would give the answer away. */
  dropPairNeighbours?: boolean;
  seed: number;
  /** Batches prepared ahead of the consumer; by default two a thread. */
  ahead?: number;
}

export const batchLoaderDefaults = { negativeDistribution: 'uniform', dropPairNeighbours: true } as const;

/** One epoch's batches, in order. Each iteration starts anew and gives the same batches. */
export interface BatchLoader extends AsyncIterable<MiniBatch> {
  /** Batches an iteration gives. */
  readonly batches: number;
  /** Time the consumer has spent waiting for batches so far. */
  readonly waitedMilliseconds: number;
}

/** Makes an epoch's batches on the pool's threads while the consumer trains on those made before. */
export function batchLoader(pool: WalkPool, options: BatchLoaderOptions): BatchLoader {
  const settings = withDefaults(batchLoaderDefaults, options);
  checkLoader(pool, settings);
  const { pairs, batchSize, ahead = Math.max(1, 2 * pool.threads) } = settings;
  const batches = Math.ceil(pairs.queries.length / batchSize);
  const epochTask = sharedTask(pool, settings);
  let waitedMilliseconds = 0;

  const prepare = (index: number): Promise<MiniBatch> => {
    const from = index * batchSize;
    const own = someOfPairs(pairs, from, Math.min(from + batchSize, pairs.queries.length));
    const batch = pool.run('batch', { ...epochTask, index, pairs: own });
    // A batch may fail before its turn; the failure is thrown in its turn.
    batch.catch(() => {});
    return batch;
  };

  return {
    batches,
    get waitedMilliseconds() {
      return waitedMilliseconds;
    },
    async *[Symbol.asyncIterator]() {
      const queue = Array.from({ length: Math.min(ahead, batches) }, (_, index) => prepare(index));
      for (let index = 0; index < batches; index++) {
        const started = performance.now();
        const batch = await (queue.shift() as Promise<MiniBatch>);
        waitedMilliseconds += performance.now() - started;
        if (index + ahead < batches) queue.push(prepare(index + ahead));
        yield batch;
      }
    },
  };
}

type Settings = BatchLoaderOptions & Required<Pick<BatchLoaderOptions, keyof typeof batchLoaderDefaults>>;

/** What all batches of the epoch have in common, where the threads can see it. */
function sharedTask(pool: WalkPool, settings: Settings): Omit<BatchTask, 'index' | 'pairs'> {
  const { neighbourhoods, hardNegativePool: mined } = settings;
  return {
    neighbourhoods: neighbourhoodsInShared(neighbourhoods),
    chances: cumulativeChances(pool.topology.pins, settings.negativeDistribution),
    hardNegativePool: mined && {
      size: mined.size,
      pins: inSharedMemory(mined.pins),
      counts: inSharedMemory(mined.counts),
    },
    negatives: settings.negatives,
    hardNegatives: settings.hardNegatives,
    layers: settings.layers,
    neighbourDropout: settings.neighbourDropout,
    dropPairNeighbours: settings.dropPairNeighbours,
    epoch: settings.epoch,
    seed: settings.seed,
  };
}

function bad(field: keyof BatchLoaderOptions, sentence: string): BoardwalkError {
  return new BoardwalkError('bad_option', sentence, { field });
}

function checkLoader(pool: WalkPool, settings: Settings): void {
  const { neighbourhoods, pairs, batchSize, negatives, hardNegatives, hardNegativePool } = settings;
  const { layers, neighbourDropout, ahead = 1 } = settings;
  const pinCount = pool.topology.pins.offsets.length - 1;
  if (neighbourhoods.weights.length !== pinCount * neighbourhoods.size)
    throw bad(
      'neighbourhoods',
      `Batches need the neighbourhoods of all ${pinCount} pins, got ${neighbourhoods.weights.length / neighbourhoods.size}.`,
    );
  if (pairs.queries.length !== pairs.positives.length)
    throw bad('pairs', `Got ${pairs.queries.length} queries and ${pairs.positives.length} positives.`);
  if (!(negatives >= 0)) throw bad('negatives', `The number of shared negatives must be 0 or more, not ${negatives}.`);
  if (!(ahead >= 1)) throw bad('ahead', `At least one batch must be prepared ahead, not ${ahead}.`);
  if (!(batchSize >= 1)) throw bad('batchSize', `A batch needs at least one pair, not ${batchSize}.`);
  if (!(layers >= 0)) throw bad('layers', `A batch has 0 or more layers, not ${layers}.`);
  if (!(neighbourDropout >= 0 && neighbourDropout <= 1))
    throw bad('neighbourDropout', `The neighbour dropout must be a probability, not ${neighbourDropout}.`);
  if (hardNegatives > 0 && !hardNegativePool)
    throw bad('hardNegativePool', 'Hard negatives must be mined first: pass what mineHardNegatives found.');
}
