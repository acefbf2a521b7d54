import { random, type Random } from '../random.js';
import { denseWidth } from './features.js';
import type { PinSageSpec } from './spec.js';
import type { FittedFeatures, Weight, Weights } from './weights.js';

/** The fitted document frequencies: kept with the weights, never trained. */
export const idfName = 'features.text.idf';

/** The weights that training moves. */
export function trainedWeights(weights: Weights): [string, Weight][] {
  return [...weights].filter(([name]) => name !== idfName);
}

function normal(shape: readonly number[], deviation: number, source: Random): Weight {
  const values = new Float32Array(shape.reduce((size, side) => size * side, 1));
  for (let i = 0; i < values.length; i++) values[i] = deviation * source.normal();
  return { shape, values };
}

function zeros(length: number): Weight {
  return { shape: [length], values: new Float32Array(length) };
}

/**
 * Untrained weights of a spec; each array draws from a stream of its own. Matrices before a ReLU follow He
 * (variance 2 / inputs); table rows have length 1 on average, so that text, ids and vectors enter alike.
 */
export function initialWeights(
  spec: PinSageSpec,
  features: FittedFeatures,
  idf: Float32Array | undefined,
  seed: number,
): Weights {
  const weights = new Map<string, Weight>();
  const add = (name: string, shape: [number, number], deviation: number): void => {
    weights.set(name, normal(shape, deviation, random(seed, weights.size)));
  };
  const { width, textBuckets, idBuckets } = spec.features;
  const { hidden, dimension } = spec;
  const table = 1 / Math.sqrt(width);
  const inputs = denseWidth(spec.features, features);
  if (inputs > 0) add('features.dense', [inputs, width], table);
  if (features.text) add('features.text', [textBuckets, width], table);
  if (features.ids) add('features.ids', [idBuckets, width], table);
  weights.set('features.bias', zeros(width));

  for (let layer = 1; layer <= spec.layers; layer++) {
    const columns = layer === 1 ? width : hidden;
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
  if (idf) weights.set(idfName, { shape: [idf.length], values: idf });
  return weights;
}
