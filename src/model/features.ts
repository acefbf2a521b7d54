import { BoardwalkError } from '../errors.js';
import { degree, type Graph } from '../graph/graph.js';
import type { PinTable } from '../graph/pin-table.js';
import { hasTextColumn, holdsText } from '../graph/pin-text.js';
import { type Rows, takeRows } from '../linear/rows.js';
import { pickRows, type SparseMatrix } from '../linear/sparse-matrix.js';
import type { BatchLayer, MiniBatch } from '../sampling/minibatch.js';
import type { FeatureSpec } from './spec.js';
import { fitIds, idRows, knownIds } from './id-rows.js';
import { pinAxes } from './pin-axes.js';
import { fitText, latentText, textNames, weighedText } from './text-rows.js';
import type { FittedFeatures, Weights } from './weights.js';

/** What an encoder reads first, one row a pin. */
export interface PinInputs {
  readonly pins: number;
  /** [pins, width]: latent text, then the graph's feature columns, then log degree; width 0 where there is none. */
  readonly dense: Rows;
  /** [pins, rows of the word table] TF-IDF, for the words' trained rows; absent where words have none. */
  readonly text: SparseMatrix | undefined;
  /** [pins, rows of the id table]. */
  readonly ids: SparseMatrix | undefined;
  /** [pins, columns] their places on axes, where the model has any. */
  readonly axes?: Rows;
  /** The inputs of boards, one row a board, where the aggregator reads them. */
  readonly boards?: Omit<PinInputs, 'boards'>;
}

/** What is fitted to a training graph, and the arrays that go with it among the weights. */
export interface FeatureFit {
  readonly features: FittedFeatures;
  readonly fitted: Weights;
}

/** How many graphs neighbours are read from: the pin-board graph and its relations. */
export function graphsRead({ relations = [] }: Pick<FittedFeatures, 'relations'>): number {
  return 1 + relations.length;
}

/** The fitted arrays: kept with the weights, never trained. */
export const fittedNames: readonly string[] = [...Object.values(textNames), knownIds];

/** The length of a content block's row. Content enters the output as it is; it starts out above the rest. */
const contentLength = 4;

/** log(1 + degree); 0 for a pin without boards. */
function logDegrees({ topology, pins }: PinTable): Float32Array {
  return Float32Array.from({ length: pins.size }, (_, pin) => Math.log1p(degree(topology.pins, pin)));
}

function spread(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((total, value) => total + value, 0) / Math.max(values.length, 1);
  const square = values.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(values.length, 1);
  return { mean, deviation: Math.sqrt(square) || 1 };
}

/**
 * 1 / the root mean square of the length of rows that hold a vector, so that every column block comes in at the same
 * size, however few pins have one.
 */
function blockScale(values: Float32Array, dimension: number): number {
  const square = values.reduce((total, value) => total + value * value, 0);
  let held = 0;
  for (let at = 0; at < values.length; at += dimension)
    if (values.subarray(at, at + dimension).some((value) => value !== 0)) held++;
  return square > 0 ? 1 / Math.sqrt(square / held) : 1;
}

/**
 * Decides what the model reads from a graph: every dense column, the text where there is any, log degree,
 * and hashed ids where there is no content at all or the spec asks for them. Fits the text's document
 * frequencies and its latent basis.
 */
export async function fitFeatures(graph: Graph, spec: FeatureSpec, seed: number): Promise<FeatureFit> {
  const text = spec.textBuckets > 0 && holdsText(graph);
  const columns = graph.features.map(({ name, dimension, values }) => ({
    name,
    dimension,
    scale: contentLength * blockScale(values, dimension),
  }));
  const contentFree = !text && columns.length === 0;
  const ids = spec.ids === 'always' || (spec.ids === 'without-content' && contentFree);
  if (contentFree && !ids && !spec.logDegree)
    throw new BoardwalkError(
      'bad_option',
      'The graph holds no text and no feature column: let features.ids or features.logDegree be used.',
      { field: 'features' },
    );
  return {
    features: {
      columns,
      text,
      ids,
      ...(graph.relations.length > 0 && { relations: graph.relations.map(({ name }) => name) }),
      logDegree: spread(logDegrees(graph).filter((value) => value > 0)),
    },
    fitted: new Map([...(text ? await fitText(graph, spec, seed) : []), ...(ids ? fitIds(graph, spec) : [])]),
  };
}

/** Columns of h0 that hold content: the latent text and the graph's feature columns. */
export function contentWidth(spec: FeatureSpec, features: FittedFeatures): number {
  return features.columns.reduce((total, column) => total + column.dimension, features.text ? spec.width : 0);
}

function denseWidth(spec: FeatureSpec, features: FittedFeatures): number {
  return contentWidth(spec, features) + (spec.logDegree ? 1 : 0);
}

/** Columns of h0. */
export function inputWidth(spec: FeatureSpec, features: FittedFeatures): number {
  const dense = denseWidth(spec, features);
  return features.ids ? Math.max(dense, spec.width) : dense;
}

/** Throws `mismatch` where the model reads text and the graph has no column of it, as where a feature column lacks. */
export function assertTextColumn(graph: Graph, features: FeatureFit['features']): void {
  if (!features.text || hasTextColumn(graph)) return;
  throw new BoardwalkError(
    'mismatch',
    "The model reads the pins' title and text, and the graph has neither column: build the graph with --pins that has " +
      'those of the training graph.',
    { field: 'text' },
  );
}

function denseInputs(
  table: PinTable,
  spec: FeatureSpec,
  { features, fitted }: FeatureFit,
  text: SparseMatrix | undefined,
): PinInputs['dense'] {
  // Where ids are all there is, zeros beside them would only be carried about.
  const width = denseWidth(spec, features) === 0 ? 0 : inputWidth(spec, features);
  const pins = table.pins.size;
  const values = new Float32Array(pins * width);
  let start = 0;
  const place = (block: Float32Array, columns: number, scale: number): void => {
    for (let pin = 0; pin < pins; pin++)
      for (let i = 0; i < columns; i++) values[pin * width + start + i] = block[pin * columns + i] * scale;
    start += columns;
  };
  if (text) place(latentText(text, spec, fitted, contentLength), spec.width, 1);
  for (const { name, dimension, scale } of features.columns) {
    const column = table.features.find((candidate) => candidate.name === name);
    if (column?.dimension !== dimension)
      throw new BoardwalkError(
        'mismatch',
        `The model reads the feature column "${name}" of ${dimension} values, and the graph has ` +
          `${column ? `${column.dimension} values` : 'no such column'}: build the graph with the columns of the training graph.`,
        { field: name },
      );
    place(column.values, dimension, scale);
  }
  if (spec.logDegree) {
    const { mean, deviation } = features.logDegree;
    // A pin without boards is one whose degree is not known yet: it reads as the mean, which is 0.
    place(
      logDegrees(table).map((value) => (value > 0 ? (value - mean) / deviation : 0)),
      1,
      1,
    );
  }
  return { width, values };
}

/** The inputs of a table's pins, a graph's or some of them, whether or not the model was trained on them. */
export function encodePins(table: PinTable, spec: FeatureSpec, fit: FeatureFit): PinInputs {
  const text = fit.features.text ? weighedText(table, spec, fit.fitted) : undefined;
  const axes = pinAxes(table, fit.fitted);
  return {
    pins: table.pins.size,
    dense: denseInputs(table, spec, fit, text),
    text: spec.trainWords ? text : undefined,
    ids: fit.features.ids ? idRows(table, spec, fit.fitted) : undefined,
    axes,
  };
}

/** Blanks log degree where training hides a pin's neighbourhood, so that it stands for a pin without boards. */
export function hideDegrees({ dense }: PinInputs, column: number, { targets, neighbours, weights }: BatchLayer): void {
  for (let row = 0; row < targets; row++) {
    const pooled = weights.subarray(row * neighbours, (row + 1) * neighbours);
    if (pooled.every((weight) => weight === 0)) dense.values[row * dense.width + column] = 0;
  }
}

/** Takes the rows of their ids from some of a batch's pins, so that the rest of a pin has to say enough. */
export function hideIds({ ids }: PinInputs, isHidden: (row: number) => boolean): void {
  if (!ids) return;
  const { offsets, values } = ids;
  for (let row = 0; row + 1 < offsets.length; row++) if (isHidden(row)) values.fill(0, offsets[row], offsets[row + 1]);
}

/** Leaves words out of the text of each pin of a batch; those that stay weigh as much more as keeps the expected sum. */
export function hideWords({ text }: PinInputs, share: number, drawsOf: (row: number) => () => number): void {
  if (!text) return;
  const { offsets, values } = text;
  for (let row = 0; row + 1 < offsets.length; row++) {
    const draw = drawsOf(row);
    for (let e = offsets[row]; e < offsets[row + 1]; e++) values[e] = draw() < share ? 0 : values[e] / (1 - share);
  }
}

/** Gives memory for so many values, whatever they are. */
export type Room = (length: number) => Float32Array;

const fresh: Room = (length) => new Float32Array(length);

/** Memory that each call gives out again: what was written there before is lost. Fresh pages cost as much as copying. */
export function reusedRoom(): Room {
  let values = new Float32Array(0);
  return (length) => {
    if (length > values.length) values = new Float32Array(length);
    return values.subarray(0, length);
  };
}

/** The inputs of some pins, in their order; copies, the dense ones in the room given. */
export function pickInputs({ dense, text, ids, axes }: PinInputs, pins: Uint32Array, room: Room = fresh): PinInputs {
  return {
    pins: pins.length,
    dense: takeRows(dense, pins, room(pins.length * dense.width)),
    text: text && pickRows(text, pins),
    ids: ids && pickRows(ids, pins),
    axes: axes && takeRows(axes, pins),
  };
}

/** The inputs of a batch's pins, and of its boards where both have them; copies, the pins' in the room given. */
export function batchRows(
  inputs: PinInputs,
  { nodes, boards }: Pick<MiniBatch, 'nodes' | 'boards'>,
  room?: Room,
): PinInputs {
  const picked = pickInputs(inputs, nodes, room);
  return inputs.boards && boards ? { ...picked, boards: pickInputs(inputs.boards, boards.nodes) } : picked;
}
