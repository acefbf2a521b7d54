import { BoardwalkError } from '../errors.js';
import { random, type Random } from '../random.js';
import { contentWidth, type FeatureFit, fittedNames, graphsRead, inputWidth } from './features.js';
import { idTableRows } from './id-rows.js';
import { isOfAxes } from './pin-axes.js';
import type { PinSageSpec } from './spec.js';
import { textTableRows } from './text-rows.js';
import { type FittedFeatures, type Weight, type Weights, zeros } from './weights.js';

/** The weights that training moves: all but what was fitted to the features, or stands beside them. */
export function trainedWeights(weights: Weights): [string, Weight][] {
  return [...weights].filter(([name]) => !fittedNames.includes(name) && !isOfAxes(name));
}

function normal(shape: readonly number[], deviation: number, source: Random): Weight {
  const drawn = zeros(...shape);
  for (let i = 0; i < drawn.values.length; i++) drawn.values[i] = deviation * source.normal();
  return drawn;
}

/**
 * How content reaches the output directly: latent text as it is, coordinate by coordinate, other columns by
 * a random projection, which keeps inner products on average; log degree and ids not at all.
 */
function contentPath(spec: PinSageSpec, features: FittedFeatures, source: Random): Weight {
  const { dimension } = spec;
  const inputs = inputWidth(spec.features, features);
  const path = zeros(inputs, dimension);
  const text = features.text ? spec.features.width : 0;
  for (let i = 0; i < Math.min(text, dimension); i++) path.values[i * dimension + i] = 1;
  for (let i = text * dimension; i < contentWidth(spec.features, features) * dimension; i++)
    path.values[i] = source.normal() / Math.sqrt(dimension);
  return path;
}

/** Where an aggregator puts its weights; each matrix draws from a stream of its own, by how many there are before. */
interface Draft {
  normal(name: string, shape: [number, number], deviation: number): void;
  zeros(name: string, ...shape: number[]): void;
  constant(name: string, shape: [number, number], value: number): void;
}

/** Matrices before a ReLU follow He (variance 2 / inputs). `inputs` are the columns of h0, `graphs` those read. */
type AggregatorWeights = (draft: Draft, spec: PinSageSpec, inputs: number, graphs: number) => void;

/** Sums have no weights beside those of their inputs and of the path that these take; gates begin open, at 1. */
const linear: AggregatorWeights = (draft, { dimension }, _, graphs) => {
  if (graphs > 1) draft.constant('gates', [graphs, dimension], 1);
};

const convolution: AggregatorWeights = (draft, { layers, hidden, dimension }, inputs, graphs) => {
  for (let layer = 1; layer <= layers; layer++) {
    const columns = layer === 1 ? inputs : hidden;
    const name = `convolution.${layer}`;
    draft.normal(`${name}.neighbour.weight`, [columns, hidden], Math.sqrt(2 / columns));
    draft.zeros(`${name}.neighbour.bias`, hidden);
    const deviation = Math.sqrt(2 / (columns + graphs * hidden));
    draft.normal(`${name}.self.weight`, [columns, hidden], deviation);
    draft.normal(`${name}.pooled.weight`, [graphs * hidden, hidden], deviation);
    draft.zeros(`${name}.bias`, hidden);
  }
  head(draft, hidden, dimension);
};

/** Rows of the MLP's hidden layer for each column of a token, as in the paper. */
const mlpWidening = 4;

const transformer: AggregatorWeights = (draft, { hidden, dimension }, inputs) => {
  for (const kind of ['self', 'pin', 'board']) {
    draft.normal(`token.${kind}.weight`, [inputs, hidden], Math.sqrt(2 / inputs));
    draft.zeros(`token.${kind}.type`, hidden);
  }
  draft.normal('attention.query', [hidden, hidden], Math.sqrt(1 / hidden));
  draft.normal('attention.memory', [hidden, 2 * hidden], Math.sqrt(1 / hidden));
  draft.normal('attention.output.weight', [hidden, hidden], Math.sqrt(1 / hidden));
  draft.zeros('attention.output.bias', hidden);
  draft.normal('mlp.1.weight', [hidden, mlpWidening * hidden], Math.sqrt(2 / hidden));
  draft.zeros('mlp.1.bias', mlpWidening * hidden);
  draft.normal('mlp.2.weight', [mlpWidening * hidden, hidden], Math.sqrt(1 / (mlpWidening * hidden)));
  draft.zeros('mlp.2.bias', hidden);
  head(draft, hidden, dimension);
};

function head(draft: Draft, hidden: number, dimension: number): void {
  draft.normal('head.1.weight', [hidden, hidden], Math.sqrt(2 / hidden));
  draft.zeros('head.1.bias', hidden);
  draft.normal('head.2.weight', [hidden, dimension], Math.sqrt(1 / hidden));
}

const aggregators: Record<PinSageSpec['aggregator'], AggregatorWeights> = {
  linear,
  convolution,
  transformer,
};

/** Untrained weights of a spec, the fitted arrays among them. */
export function initialWeights(spec: PinSageSpec, { features, fitted }: FeatureFit, seed: number): Weights {
  const weights = new Map<string, Weight>();
  const draft: Draft = {
    normal: (name, shape, deviation) => weights.set(name, normal(shape, deviation, random(seed, weights.size))),
    zeros: (name, ...shape) => weights.set(name, zeros(...shape)),
    constant(name, shape, value) {
      const constant = zeros(...shape);
      constant.values.fill(value);
      weights.set(name, constant);
    },
  };
  const inputs = inputWidth(spec.features, features);
  // Words start at their latent place alone.
  if (features.text && spec.features.trainWords) draft.zeros('words', textTableRows(spec.features, fitted), inputs);
  if (features.ids) draft.normal('ids', [idTableRows(spec.features, fitted), inputs], 1 / Math.sqrt(inputs));
  aggregators[spec.aggregator](draft, spec, inputs, graphsRead(features));
  if (hasContentPath(spec, features)) weights.set('content', contentPath(spec, features, random(seed, weights.size)));
  else if (spec.aggregator === 'linear') requireWidth(spec, inputs);
  return new Map([...weights, ...fitted]);
}

/** Where sums have no content, their ids lie in the output's columns to begin with. */
function hasContentPath({ aggregator, contentPath: wanted, features }: PinSageSpec, fitted: FittedFeatures): boolean {
  return wanted && (aggregator !== 'linear' || contentWidth(features, fitted) > 0);
}

function requireWidth({ dimension, contentPath: wanted }: PinSageSpec, inputs: number): void {
  if (dimension === inputs) return;
  throw new BoardwalkError(
    'bad_option',
    `A linear model adds up its inputs, ${inputs} columns here, and its dimension is ${dimension}: make it ${inputs}, or ` +
      `${wanted ? 'features.width the same' : 'let pinsage.contentPath be true'}.`,
    { field: 'pinsage.dimension' },
  );
}
