import { encodeNodes } from '../../src/model/board-features.js';
import { batchRows, fitFeatures, type PinInputs } from '../../src/model/features.js';
import type { BatchTargets } from '../../src/model/contrast.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { hopsOf, type PartialPinSageSpec, type PinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import { walksOf } from '../../src/model/walks.js';
import type { Weights } from '../../src/model/weights.js';
import { random } from '../../src/random.js';
import { batchLoader } from '../../src/sampling/batch-loader.js';
import { nodeNeighbourhoods } from '../../src/sampling/board-neighbourhoods.js';
import type { MiniBatch } from '../../src/sampling/minibatch.js';
import { walkPool } from '../../src/sampling/pool.js';
import { batchTargets, negativeChances } from '../../src/training/batch-targets.js';
import { boardPairs } from '../../src/training/board-pairs.js';
import { plantedGraph } from '../training/planted-graph.js';

const seed = 3;
const small = {
  features: { width: 4, characterGrams: 0, textBuckets: 32, idBuckets: 16, ids: 'always' },
  hidden: 5,
  dimension: 4,
  neighbours: 3,
  steps: 30,
  batchSize: 8,
  negatives: 6,
  pinsPerBoard: 4,
  pairsPerEpoch: 8,
  neighbourDropout: 0.3,
  temperature: 0.5,
  margin: 0.5,
} as const satisfies PartialPinSageSpec;

/** What one step of training reads. */
export interface OneBatch {
  readonly spec: PinSageSpec;
  readonly weights: Weights;
  readonly batch: MiniBatch;
  readonly inputs: PinInputs;
  readonly targets: BatchTargets;
}

/** A batch of a small planted graph with words and ids, and a small model for it. */
export async function oneBatch(partial: PartialPinSageSpec): Promise<OneBatch> {
  const spec = pinSageSpec({ ...small, ...partial });
  const { neighbourDropout, batchSize, negatives, pinsPerBoard } = spec;
  const graph = plantedGraph({ communities: 3, pinsEach: 8, boardsEach: 6, pinsPerBoard: 4 });
  const fit = await fitFeatures(graph, spec.features, seed);
  const pool = walkPool(graph.topology, { threads: 0 });
  const neighbourhoods = await nodeNeighbourhoods(pool, walksOf(spec, seed, 0));
  const pairs = boardPairs(graph.topology, { pinsPerBoard, limit: batchSize, epoch: 1, seed });
  const sizes = { batchSize, negatives, hardNegatives: 0, layers: hopsOf(spec) };
  const loader = batchLoader(pool, { neighbourhoods, pairs, epoch: 1, ...sizes, neighbourDropout, seed });
  const batches: MiniBatch[] = [];
  for await (const each of loader) batches.push(each);
  const [batch] = batches;
  // Biases start at 0, where rows without neighbours sit on ReLU's kink: move them off it.
  const source = random(seed, 77);
  const weights = [...initialWeights(spec, fit, seed)].map(
    ([name, { shape, values }]) =>
      [name, { shape, values: shape.length > 1 ? values : values.map(() => 0.2 + 0.3 * source.float()) }] as const,
  );
  const chances = negativeChances(graph.topology, spec);
  return {
    spec,
    weights: new Map(weights),
    batch,
    inputs: batchRows(encodeNodes(graph, spec, fit), batch),
    targets: batchTargets(graph.topology, spec, chances, pairs.boards.subarray(0, batch.queries.length), batch),
  };
}
