import { Type, type Static } from 'typebox';
import { BoardwalkError } from '../errors.js';
import { specFault } from '../schema-fault.js';
import { withDeepDefaults } from '../with-defaults.js';

const count = (minimum: number, description: string) => Type.Integer({ minimum, description });
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const positive = (description: string) => Type.Number({ exclusiveMinimum: 0, description });

/** How input features are made from what a graph holds. */
const featureSchema = Type.Object(
  {
    width: count(1, 'columns of latent text, or of the id table where there is no content'),
    textBuckets: count(0, 'rows of the hashed text table; 0 reads no text'),
    characterGrams: count(0, 'longest character n-gram, from 3; 0 hashes words alone'),
    textEntries: Type.Integer({
      minimum: 0,
      maximum: 65_536,
      description: "a text's words and n-grams that are read at most, those that weigh most; 0 reads all",
    }),
    trainWords: Type.Boolean({ description: 'give every hashed word a trained row beside its latent place' }),
    wordPairs: Type.Boolean({ description: 'hash adjacent word pairs too' }),
    wordMarks: Type.Boolean({
      description:
        'words hold their combining marks, such as the vowel signs of Hindi and Thai, and do not end at them',
    }),
    ids: Type.Union([Type.Literal('without-content'), Type.Literal('always'), Type.Literal('never')], {
      description: 'when a pin also has a trained row of its own, found by its id',
    }),
    idBuckets: count(1, 'rows of the id table at most: more pins than that share hashed rows'),
    idStart: Type.Union([Type.Literal('random'), Type.Literal('boards')], {
      description:
        "where the rows of ids begin: anywhere, or at each pin's place on the leading axes of the board-pin matrix",
    }),
    idDropout: share(
      "share of a batch's pins that training shows without the rows of their ids; above 0, pins without boards have none",
    ),
    wordDropout: share("share of a pin's words whose trained rows training leaves out"),
    logDegree: Type.Boolean({ description: "one column with the logarithm of the pin's degree" }),
  },
  { additionalProperties: false },
);

/** Everything that decides what is trained, apart from the graph and the seed. */
export const pinSageSchema = Type.Object(
  {
    features: featureSchema,
    aggregator: Type.Union([Type.Literal('linear'), Type.Literal('convolution'), Type.Literal('transformer')], {
      description:
        'what makes a vector of a pin and its neighbours: sums of their rows, PinSage’s convolutions, or OmniSage’s attention',
    }),
    layers: count(0, 'K, the layers of sums or convolutions; sums of 0 layers are the pin’s own rows'),
    hidden: count(1, 'columns of a convolution, or of a token of the transformer'),
    heads: count(1, 'heads of the transformer’s attention, which share out its columns'),
    dimension: count(1, 'columns of an embedding'),
    contentPath: Type.Boolean({ description: 'add a projection of the pin’s own content to its embedding' }),
    normalise: Type.Boolean({ description: 'L2-normalise the embedding, so that cosine and inner product agree' }),
    axes: count(
      0,
      'columns at most that stand behind those of `dimension` and say where a pin lies on the leading axes of the board-pin matrix; hidden edges choose how many',
    ),

    neighbours: count(1, 'T, neighbours kept for each pin'),
    boardNeighbours: count(1, 'B, boards kept for each pin, which the transformer reads'),
    pooling: Type.Union([Type.Literal('importance'), Type.Literal('mean'), Type.Literal('max')], {
      description: 'how neighbours become one vector: weighed by visits, alike, or the largest value of each column',
    }),
    steps: count(1, 'two-hop walk steps spent on each pin'),
    restart: share('probability of restarting a walk before a step'),
    folds: count(1, 'parts of the boards; pairs of one part are trained over walks of the others; 1 walks all'),
    traversals: count(
      0,
      'walks with seeds of their own that the batches of an epoch take in turn; 0 walks once for all',
    ),
    neighbourDropout: share('share of pins that training shows without their neighbourhood'),

    query: Type.Union([Type.Literal('pin'), Type.Literal('board')], {
      description: 'what a positive is scored with: another pin of its board, or the mean of several',
    }),
    queryPins: count(1, 'pins of its board that are averaged at most, the positive never among them'),
    loss: Type.Union([Type.Literal('max-margin'), Type.Literal('softmax'), Type.Literal('cross-entropy')]),
    margin: Type.Number({ minimum: 0, description: 'Δ of the max-margin loss' }),
    temperature: Type.Number({
      minimum: 0.001,
      maximum: 1_000,
      description: 'divides the scores of the softmax and cross-entropy losses',
    }),
    inBatchNegatives: Type.Boolean({ description: 'positives of a batch are negatives for its other boards' }),
    negatives: count(1, 'random negatives that a batch shares'),
    correction: share('share of log Q, the log chance of being a negative, taken off a softmax score'),
    negativeDistribution: Type.Union([Type.Literal('uniform'), Type.Literal('degree')], {
      description: 'random negatives uniform over the catalogue, or by degree, which leaves out pins without boards',
    }),
    hardNegatives: count(
      0,
      'hard negatives a query in the last epochs; epoch n uses n − 1, from 0. Finding them takes 2 to 15 ms of CPU a pin',
    ),

    batchSize: count(1, 'pairs a step'),
    pinsPerBoard: count(2, 'pins that one board gives an epoch at most, each of them a positive once'),
    pairsPerEpoch: count(1, 'pairs an epoch at most'),
    epochs: count(1, 'epochs at most'),
    wholeEpochs: count(
      0,
      'epochs more over the whole graph from the chosen weights, with the edges that chose them, at half the learning rate; as many as `epochs` at most',
    ),
    patience: count(1, 'epochs without a better validation hit rate before training stops'),
    learningRate: positive('highest learning rate, reached at the end of the first epoch'),
    learningRateDecay: positive('factor on the learning rate with every later epoch'),
    validationRank: count(1, 'k of the validation hit rate'),
  },
  { additionalProperties: false },
);

export type FeatureSpec = Static<typeof featureSchema>;
export type PinSageSpec = Static<typeof pinSageSchema>;

/**
 * Sized so that a graph of some 25 k pins trains in about a minute on two cores with wasm. All of a text is read, and
 * words end at marks, as in models that were trained before `textEntries` and `wordMarks` could say otherwise.
 */
export const pinSageDefaults: PinSageSpec = {
  features: {
    width: 128,
    textBuckets: 32_768,
    characterGrams: 5,
    textEntries: 0,
    trainWords: true,
    wordPairs: false,
    wordMarks: false,
    ids: 'without-content',
    idBuckets: 131_072,
    idStart: 'random',
    idDropout: 0,
    wordDropout: 0,
    logDegree: true,
  },
  aggregator: 'convolution',
  layers: 2,
  hidden: 128,
  heads: 4,
  dimension: 128,
  contentPath: true,
  normalise: true,
  axes: 0,

  neighbours: 10,
  boardNeighbours: 20,
  pooling: 'importance',
  steps: 200,
  restart: 0.5,
  folds: 4,
  traversals: 0,
  neighbourDropout: 0.3,

  query: 'board',
  queryPins: 8,
  loss: 'softmax',
  margin: 0.2,
  temperature: 0.07,
  inBatchNegatives: true,
  negatives: 512,
  correction: 1,
  negativeDistribution: 'uniform',
  hardNegatives: 0,

  batchSize: 512,
  pinsPerBoard: 9,
  pairsPerEpoch: 12_288,
  epochs: 6,
  wholeEpochs: 3,
  patience: 2,
  learningRate: 0.005,
  learningRateDecay: 0.8,
  validationRank: 50,
};

/** Of new models; what older ones leave out reads as `pinSageDefaults` have it. */
const newFeatures: FeatureSpec = { ...pinSageDefaults.features, wordMarks: true };

/** Of new models with convolutions or a transformer. */
export const convolutionDefaults: PinSageSpec = { ...pinSageDefaults, features: newFeatures };

/**
 * Sums in the convolutions' place, with a row for each pin's id beside its words: on hidden edges of citeulike-t and
 * awesome-boards they complete boards better than convolutions do at half the cost (benchmarks/README.md, ablation).
 * Behind the trained columns stand more that are not: of 512 axes a spectral filter finds as much as 128 trained columns
 * of ids alone, of as many trained ones less.
 */
export const sumsDefaults: PinSageSpec = {
  ...pinSageDefaults,
  features: { ...newFeatures, textEntries: 256, ids: 'always' },
  aggregator: 'linear',
  layers: 1,
  axes: 512,
};

/**
 * Where ids are all that is known of pins, their rows have to be learned one by one, which takes more pairs, and
 * each pair is cheap. Vectors keep their lengths, which let a row say how popular its pin is. The learning rate halves
 * every epoch: rows that moved on at a high one get no better. Chosen on hidden edges of Gowalla's training part.
 */
export const idsAloneDefaults: PinSageSpec = {
  ...sumsDefaults,
  features: { ...sumsDefaults.features, idStart: 'boards', logDegree: false },
  normalise: false,
  neighbours: 20,
  steps: 1_000,
  neighbourDropout: 0,
  queryPins: 64,
  temperature: 1,
  negatives: 768,
  pinsPerBoard: 8,
  pairsPerEpoch: 196_608,
  epochs: 6,
  wholeEpochs: 0,
  learningRate: 0.006,
  learningRateDecay: 0.5,
};

/**
 * PinText (KDD 2019): a pin is the sum of the trained rows of its words and their character n-grams by TF-IDF, a board
 * the mean of its pins. Unlike the paper's, rows begin at their latent place, and the loss is the softmax of PinSage's
 * defaults. A model that reads ids and neighbours too leans on them, and forgets what words alone say of a new pin. Half
 * of the rows are left out in training, so that no pin is known by one of them.
 */
export const pinTextDefaults: PinSageSpec = {
  ...pinSageDefaults,
  features: {
    ...newFeatures,
    width: 256,
    textEntries: 256,
    ids: 'never',
    wordDropout: 0.5,
    logDegree: false,
  },
  aggregator: 'linear',
  layers: 0,
  dimension: 256,
  // No layer reads neighbours: walks are as short as walks can be.
  neighbours: 1,
  steps: 1,
  folds: 1,
  neighbourDropout: 0,
  negatives: 2_048,
  pinsPerBoard: 16,
  pairsPerEpoch: 49_152,
  epochs: 3,
  wholeEpochs: 2,
  learningRate: 0.008,
  learningRateDecay: 0.5,
};

/** A spec as a user may write it: what is left out takes the default. */
export type PartialPinSageSpec = Partial<Omit<PinSageSpec, 'features'>> & { features?: Partial<FeatureSpec> };

function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) frozen(inner);
  return Object.freeze(value);
}

/** How many hops of neighbours a batch holds around its pins: what the aggregator reads. */
export function hopsOf({ aggregator, layers }: PinSageSpec): number {
  return aggregator === 'transformer' ? 1 : layers;
}

/** Fills in the defaults, checks and freezes a spec; throws `bad_option` that names the field and `what` it is of. */
export function pinSageSpec(
  partial: PartialPinSageSpec = {},
  defaults = pinSageDefaults,
  what = 'PinSage spec',
): PinSageSpec {
  const spec = withDeepDefaults(defaults, partial) as PinSageSpec;
  const fault = specFault(what, pinSageSchema, spec);
  if (fault) throw fault;
  if (spec.aggregator === 'transformer') checkTransformer(spec);
  if (spec.aggregator === 'convolution' && spec.layers === 0)
    throw new BoardwalkError(
      'bad_option',
      'A convolution has one layer or more: set layers to 1, or aggregator to linear for content alone.',
      { field: 'layers' },
    );
  if (spec.axes > 0 && spec.aggregator !== 'linear')
    throw new BoardwalkError(
      'bad_option',
      'Places on axes stand behind the vectors of a linear model: set axes to 0, or aggregator to linear.',
      { field: 'axes' },
    );
  return frozen(spec);
}

function checkTransformer({ hidden, heads, folds }: PinSageSpec): void {
  if (hidden % heads > 0)
    throw new BoardwalkError(
      'bad_option',
      `The transformer's heads share out its columns alike: ${heads} heads do not divide hidden, ${hidden}. Set heads or hidden.`,
      { field: 'heads' },
    );
  if (folds === 1)
    throw new BoardwalkError(
      'bad_option',
      "With one fold a pair's own board would be among the boards that the transformer reads of its pins. Set folds to 2 or more.",
      { field: 'folds' },
    );
}
