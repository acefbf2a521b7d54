import type { FeatureSpec, PartialPinSageSpec } from '../../src/model/spec.js';

/** A way of training that is compared with the others at equal cost. */
export interface Variant {
  readonly name: string;
  /** Hit rate at 500 of 5 million, in percent, where the paper's tables have it. */
  readonly paper?: number;
  readonly spec: PartialPinSageSpec;
  /** Trained and judged on content alone: no pin is shown its neighbours. */
  readonly blind?: true;
  /** Needs words or other content. */
  readonly content?: true;
  /** Data sets that it makes sense on; all unless told. */
  readonly sets?: readonly string[];
}

/** Half of the default's width and a quarter of its pairs, so that many can be compared. */
export const small = {
  features: { width: 64, characterGrams: 0, idBuckets: 16_384 },
  hidden: 64,
  dimension: 64,
  batchSize: 256,
  negatives: 256,
  pairsPerEpoch: 6_144,
  epochs: 3,
  patience: 3,
} as const;

type Changes = Omit<PartialPinSageSpec, 'features'> & { features?: Partial<FeatureSpec> };

/**
 * The paper's recipe as far as it is told (section 3): pairs of pins, the max-margin loss over random negatives,
 * fixed features, no path around the convolutions. What stays ours: walks that leave the pair's own board
 * out, normalised vectors, and T = 10 unless said.
 */
function asPaper({ features, ...rest }: Changes): PartialPinSageSpec {
  return {
    ...small,
    query: 'pin',
    loss: 'max-margin',
    inBatchNegatives: false,
    contentPath: false,
    neighbourDropout: 0,
    ...rest,
    features: { ...small.features, trainWords: false, ...features },
  };
}

/** The defaults with some changes, without the words' trained rows, which cost more than all the rest. */
function asOurs({ features, ...rest }: Changes): PartialPinSageSpec {
  return { ...small, ...rest, features: { ...small.features, trainWords: false, ...features } };
}

/** One more each epoch, from none: as many as the last epoch can have. */
const hardNegatives = small.epochs - 1;

export const variants: readonly Variant[] = [
  { name: 'content only', spec: asPaper({ neighbourDropout: 1 }), blind: true, content: true },
  { name: 'max pooling', paper: 39, spec: asPaper({ pooling: 'max' }) },
  { name: 'mean pooling', paper: 41, spec: asPaper({ pooling: 'mean' }) },
  { name: 'mean, cross-entropy', paper: 29, spec: asPaper({ pooling: 'mean', loss: 'cross-entropy' }) },
  { name: 'mean, hard negatives', paper: 46, spec: asPaper({ pooling: 'mean', hardNegatives }) },
  { name: 'importance pooling', spec: asPaper({}) },
  { name: 'PinSage: importance, hard negatives, T 10', paper: 60, spec: asPaper({ hardNegatives }) },
  { name: 'PinSage, T 20', paper: 63, spec: asPaper({ hardNegatives, neighbours: 20 }) },
  { name: 'PinSage, T 50', paper: 67, spec: asPaper({ hardNegatives, neighbours: 50 }) },

  { name: 'ours', spec: asOurs({}) },
  { name: '- log Q', spec: asOurs({ correction: 0 }) },
  { name: '- in-batch negatives', spec: asOurs({ inBatchNegatives: false }) },
  { name: '- board query', spec: asOurs({ query: 'pin' }) },
  { name: '- content path', spec: asOurs({ contentPath: false }) },
  { name: '- neighbour dropout', spec: asOurs({ neighbourDropout: 0 }) },
  { name: 'mean for importance', spec: asOurs({ pooling: 'mean' }) },
  { name: 'max for importance', spec: asOurs({ pooling: 'max' }) },
  { name: 'cross-entropy for softmax', spec: asOurs({ loss: 'cross-entropy' }) },
  { name: '+ hard negatives', spec: asOurs({ hardNegatives }) },
  { name: '+ trained words, as by default', spec: asOurs({ features: { trainWords: true } }) },
  { name: '+ ids', spec: asOurs({ features: { ids: 'always' } }) },
  { name: '+ ids, half of them dropped', spec: asOurs({ features: { ids: 'always', idDropout: 0.5 } }) },
  { name: 'sums for convolutions', spec: asOurs({ aggregator: 'linear', layers: 1 }) },
  { name: 'sums, + ids', spec: asOurs({ aggregator: 'linear', layers: 1, features: { ids: 'always' } }) },
  {
    name: 'sums, trained words, + ids',
    spec: asOurs({ aggregator: 'linear', layers: 1, features: { trainWords: true, ids: 'always' } }),
  },
  // The words of citeulike-t come as counts, without their order.
  {
    name: '+ word pairs, character n-grams',
    spec: asOurs({ features: { wordPairs: true, characterGrams: 4 } }),
    sets: ['awesome-boards'],
  },
];
