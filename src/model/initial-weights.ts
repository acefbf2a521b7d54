import { BoardwalkError } from '../errors.js';
import { random, type Random } from '../random.js';
import { contentWidth, type FeatureFit, fittedNames, inputWidth } from './features.js';
import { idTableRows } from './id-rows.js';
import type { PinSageSpec } from './spec.js';
import type { FittedFeatures, Weight, Weights } from './weights.js';

/** The weights that training moves: all but what was fitted to the features. */
export function trainedWeights(weights: Weights): [string, Weight][] {
  const fitted: readonly string[] = Object.values(fittedNames);
  return [...weights].filter(([name]) => !fitted.includes(name));
}

function normal(shape: readonly number[], deviation: number, source: Random): Weight {
  const values = new Float32Array(shape.reduce((size, side) => size * side, 1));
  for (let i = 0; i < values.length; i++) values[i] = deviation * source.normal();
  return { shape, values };
}

function zeros(...shape: number[]): Weight {
  return { shape, values: new Float32Array(shape.reduce((size, side) => size * side, 1)) };
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

/**
 * Untrained weights of a spec, the fitted arrays among them; each array draws from a stream of its own.
 * Matrices before a ReLU follow He (variance 2 / inputs).
 */
export function initialWeights(spec: PinSageSpec, { features, fitted }: FeatureFit, seed: number): Weights {
  const weights = new Map<string, Weight>();
  const add = (name: string, shape: [number, number], deviation: number): void => {
    weights.set(name, normal(shape, deviation, random(seed, weights.size)));
  };
  const addBias = (name: string, columns: number): void => void weights.set(name, zeros(columns));
  const { dimension } = spec;
  const inputs = inputWidth(spec.features, features);
  // Words start at their latent place alone.
  if (features.text && spec.features.trainWords) weights.set('words', zeros(spec.features.textBuckets, inputs));
  if (features.ids) add('ids', [idTableRows(spec.features, fitted), inputs], 1 / Math.sqrt(inputs));

  if (spec.aggregator === 'convolution') addConvolutions(spec, inputs, add, addBias);
  // Where there is no content, a linear model's ids are in the output's columns to begin with.
  const placed = spec.aggregator === 'convolution' || contentWidth(spec.features, features) > 0;
  if (spec.contentPath && placed) weights.set('content', contentPath(spec, features, random(seed, weights.size)));
  else if (spec.aggregator === 'linear' && dimension !== inputs)
    throw new BoardwalkError(
      'bad_option',
      `A linear model adds up its inputs, ${inputs} columns here, and its dimension is ${dimension}: make it ${inputs}` +
        `${placed ? ', or let pinsage.contentPath be true' : ', or features.width the same'}.`,
      { field: 'pinsage.dimension' },
    );
  return new Map([...weights, ...fitted]);
}

function addConvolutions(
  { layers, hidden, dimension }: PinSageSpec,
  inputs: number,
  add: (name: string, shape: [number, number], deviation: number) => void,
  addBias: (name: string, columns: number) => void,
): void {
  for (let layer = 1; layer <= layers; layer++) {
    const columns = layer === 1 ? inputs : hidden;
    const name = `convolution.${layer}`;
    add(`${name}.neighbour.weight`, [columns, hidden], Math.sqrt(2 / columns));
    addBias(`${name}.neighbour.bias`, hidden);
    add(`${name}.self.weight`, [columns, hidden], Math.sqrt(2 / (columns + hidden)));
    add(`${name}.pooled.weight`, [hidden, hidden], Math.sqrt(2 / (columns + hidden)));
    addBias(`${name}.bias`, hidden);
  }
  add('head.1.weight', [hidden, hidden], Math.sqrt(2 / hidden));
  addBias('head.1.bias', hidden);
  add('head.2.weight', [hidden, dimension], Math.sqrt(1 / hidden));
}
