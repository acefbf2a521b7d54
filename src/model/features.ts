import { BoardwalkError } from '../errors.js';
import { degree, type Graph } from '../graph/graph.js';
import type { BatchLayer } from '../sampling/minibatch.js';
import type { FeatureSpec } from './spec.js';
import { pickRows, type SparseMatrix } from './sparse-product.js';
import { countGrams, hashText, inverseDocumentFrequency, weighByIdf } from './text-features.js';
import type { FittedFeatures } from './weights.js';

/** The first convolution's raw input, one row a pin. Each part has its own trained table. */
export interface PinInputs {
  readonly pins: number;
  /** [pins, dense.width]: the graph's feature columns side by side, then log degree. Width 0 where there is none. */
  readonly dense: { readonly width: number; readonly values: Float32Array };
  /** [pins, textBuckets] TF-IDF of hashed n-grams. */
  readonly text: SparseMatrix | undefined;
  /** [pins, idBuckets], two hashed rows a pin. */
  readonly ids: SparseMatrix | undefined;
}

function textOf(graph: Graph, pin: number): string {
  const { pinAttributes } = graph;
  return [pinAttributes.get('title', pin), pinAttributes.get('text', pin)].filter(Boolean).join('\n');
}

function* textsOf(graph: Graph): Generator<string> {
  for (let pin = 0; pin < graph.pins.size; pin++) yield textOf(graph, pin);
}

function holdsText(graph: Graph): boolean {
  const { names } = graph.pinAttributes;
  if (!names.includes('title') && !names.includes('text')) return false;
  for (const text of textsOf(graph)) if (text !== '') return true;
  return false;
}

/** log(1 + degree); 0 for a pin without boards. */
function logDegrees({ topology, pins }: Graph): Float32Array {
  return Float32Array.from({ length: pins.size }, (_, pin) => Math.log1p(degree(topology.pins, pin)));
}

function spread(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((total, value) => total + value, 0) / Math.max(values.length, 1);
  const square = values.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(values.length, 1);
  return { mean, deviation: Math.sqrt(square) || 1 };
}

/** 1 / the root mean square of a row's length, so that every column block comes in at the same size. */
function blockScale(values: Float32Array, dimension: number): number {
  const square = values.reduce((total, value) => total + value * value, 0);
  return square > 0 ? 1 / Math.sqrt(square / (values.length / dimension)) : 1;
}

/**
 * Decides what the model reads from a graph: every dense column, the text where there is any, log degree,
 * and hashed ids where there is no content at all or the spec asks for them. Fits the text's idf.
 */
export function fitFeatures(graph: Graph, spec: FeatureSpec): { features: FittedFeatures; idf: Float32Array | undefined } {
  const text = spec.textBuckets > 0 && holdsText(graph);
  const columns = graph.features.map(({ name, dimension, values }) => ({
    name,
    dimension,
    scale: blockScale(values, dimension),
  }));
  const contentFree = !text && columns.length === 0;
  const ids = spec.ids === 'always' || (spec.ids === 'without-content' && contentFree);
  if (contentFree && !ids && !spec.logDegree)
    throw new BoardwalkError('bad_option', 'The graph holds no text and no feature column: let features.ids or features.logDegree be used.', { field: 'features' });
  return {
    features: { columns, text, ids, logDegree: spread(logDegrees(graph).filter((value) => value > 0)) },
    idf: text ? inverseDocumentFrequency(countGrams(textsOf(graph), textOptions(spec))) : undefined,
  };
}

function textOptions({ textBuckets, characterGrams, wordPairs }: FeatureSpec) {
  return { buckets: textBuckets, characterGrams, wordPairs };
}

/** Columns that `PinInputs.dense` has under a spec. */
export function denseWidth(spec: FeatureSpec, features: FittedFeatures): number {
  return features.columns.reduce((total, column) => total + column.dimension, spec.logDegree ? 1 : 0);
}

function denseInputs(graph: Graph, spec: FeatureSpec, features: FittedFeatures): PinInputs['dense'] {
  const width = denseWidth(spec, features);
  const pins = graph.pins.size;
  const values = new Float32Array(pins * width);
  let start = 0;
  for (const { name, dimension, scale } of features.columns) {
    const column = graph.features.find((candidate) => candidate.name === name);
    if (column?.dimension !== dimension)
      throw new BoardwalkError(
        'mismatch',
        `The model reads the feature column "${name}" of ${dimension} values, and the graph has ` +
          `${column ? `${column.dimension} values` : 'no such column'}: build the graph with the columns of the training graph.`,
        { field: name },
      );
    for (let pin = 0; pin < pins; pin++)
      for (let i = 0; i < dimension; i++) values[pin * width + start + i] = column.values[pin * dimension + i] * scale;
    start += dimension;
  }
  if (spec.logDegree) {
    const { mean, deviation } = features.logDegree;
    // A pin without boards is one whose degree is not known yet: it reads as the mean, which is 0.
    logDegrees(graph).forEach((value, pin) => {
      if (value > 0) values[pin * width + start] = (value - mean) / deviation;
    });
  }
  return { width, values };
}

/** Two rows an id, so that pins which share one row seldom share both. */
function hashedIds(graph: Graph, buckets: number): SparseMatrix {
  const pins = graph.pins.size;
  const columns = new Int32Array(2 * pins);
  for (let pin = 0; pin < pins; pin++)
    for (let salt = 0; salt < 2; salt++) columns[2 * pin + salt] = hashText(graph.pins.id(pin), salt + 1) % buckets;
  return {
    shape: [pins, buckets],
    offsets: Int32Array.from({ length: pins + 1 }, (_, pin) => 2 * pin),
    columns,
    values: new Float32Array(2 * pins).fill(Math.SQRT1_2),
  };
}

/** The inputs of all pins of a graph, whether or not the model was trained on them. */
export function encodePins(
  graph: Graph,
  spec: FeatureSpec,
  features: FittedFeatures,
  idf: Float32Array | undefined,
): PinInputs {
  return {
    pins: graph.pins.size,
    dense: denseInputs(graph, spec, features),
    text: features.text && idf ? weighByIdf(countGrams(textsOf(graph), textOptions(spec)), idf) : undefined,
    ids: features.ids ? hashedIds(graph, spec.idBuckets) : undefined,
  };
}

/** Blanks log degree where training hides a pin's neighbourhood, so that it stands for a pin without boards. */
export function hideDegrees({ dense }: PinInputs, { targets, neighbours, weights }: BatchLayer): void {
  for (let row = 0; row < targets; row++) {
    const pooled = weights.subarray(row * neighbours, (row + 1) * neighbours);
    if (pooled.every((weight) => weight === 0)) dense.values[(row + 1) * dense.width - 1] = 0;
  }
}

/** The inputs of some pins, in their order. */
export function pickInputs({ dense, text, ids }: PinInputs, pins: Uint32Array): PinInputs {
  const values = new Float32Array(pins.length * dense.width);
  pins.forEach((pin, row) =>
    values.set(dense.values.subarray(pin * dense.width, (pin + 1) * dense.width), row * dense.width),
  );
  return {
    pins: pins.length,
    dense: { width: dense.width, values },
    text: text && pickRows(text, pins),
    ids: ids && pickRows(ids, pins),
  };
}
