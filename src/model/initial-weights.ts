import { random, type Random } from '../random.js';
import { contentWidth, type FeatureFit, fittedNames, inputWidth } from './features.js';
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
  const { hidden, dimension } = spec;
  const inputs = inputWidth(spec.features, features);
  // Words start at their latent place alone.
  if (features.text && spec.features.trainWords) weights.set('words', zeros(spec.features.textBuckets, inputs));
  if (features.ids) add('ids', [spec.features.idBuckets, inputs], 1 / Math.sqrt(inputs));

  for (let layer = 1; layer <= spec.layers; layer++) {
    const columns = layer === 1 ? inputs : hidden;
    const name = `convolution.${layer}`;
    add(`${name}.neighbour.weight`, [columns, hidden], Math.sqrt(2 / columns));
    weights.set(`${name}.neighbour.bias`, zeros(hidden));
    add(`${name}.self.weight`, [columns, hidden], Math.sqrt(2 / (columns + hidden)));
    add(`${name}.pooled.weight`, [hidden, hidden], Math.sqrt(2 / (columns + hidden)));
    weights.set(`${name}.bias`, zeros(hidden));
  }
  add('head.1.weight', [hidden, hidden], Math.sqrt(2 / hidden));
  weights.set('head.1.bias', zeros(hidden));
  add('head.2.weight', [hidden, dimension], Math.sqrt(1 / hidden));
  if (spec.contentPath) weights.set('content', contentPath(spec, features, random(seed, weights.size)));
  return new Map([...weights, ...fitted]);
}
