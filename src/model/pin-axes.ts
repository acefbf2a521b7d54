import type { Graph } from '../graph/graph.js';
import type { PinTable } from '../graph/pin-table.js';
import type { Rows } from '../linear/rows.js';
import { multiplyInto } from '../linear/sparse-matrix.js';
import { exactRows, idsWithBoards } from './id-rows.js';
import type { PinSageModel, Weights } from './weights.js';

/**
 * [rows, parts] whose row is whose, as for the rows of ids, and [rows, columns] where those pins lie on the leading axes of
 * a graph's board-pin matrix. They are kept with the weights and no training moves or reads them.
 */
const names = { known: 'axes.known', places: 'axes.places' } as const;

export function isOfAxes(name: string): boolean {
  return name === names.known || name === names.places;
}

/** A model that makes the columns of `dimension` alone. */
export function withoutAxes(model: PinSageModel): PinSageModel {
  return { ...model, weights: new Map([...model.weights].filter(([name]) => !isOfAxes(name))) };
}

/** A model whose vectors end with the places of a graph's pins, [pins, width]; of width 0, with none. */
export function withAxes(model: PinSageModel, graph: Graph, { width, values }: Rows): PinSageModel {
  if (width === 0) return withoutAxes(model);
  const known = idsWithBoards(graph);
  const { offsets, columns } = exactRows(graph, known);
  const places = new Float32Array(known.shape[0] * width);
  for (let pin = 0; pin < graph.pins.size; pin++)
    for (let e = offsets[pin]; e < offsets[pin + 1]; e++)
      places.set(values.subarray(pin * width, (pin + 1) * width), columns[e] * width);
  const weights = new Map(withoutAxes(model).weights);
  weights.set(names.known, known).set(names.places, { shape: [known.shape[0], width], values: places });
  return { ...model, weights };
}

/** Columns of a model's vectors that are places on axes. */
export function axesColumns(weights: Weights): number {
  return weights.get(names.places)?.shape[1] ?? 0;
}

/** [pins, columns] where a table's pins lie; zeros for those that came later. Nothing where the model has no axes. */
export function pinAxes(table: PinTable, weights: Weights): Rows | undefined {
  const [known, places] = [weights.get(names.known), weights.get(names.places)];
  if (!known || !places) return undefined;
  const width = places.shape[1];
  const values = new Float32Array(table.pins.size * width);
  multiplyInto(values, exactRows(table, known), places.values, width);
  return { width, values };
}

/** Columns of a model's vectors: those that training makes, and places on axes behind them. */
export function vectorColumns({ spec, weights }: Pick<PinSageModel, 'spec' | 'weights'>): number {
  return spec.dimension + axesColumns(weights);
}

/** What compares a model's vectors: places on axes are longer or shorter even behind columns of one length. */
export function vectorMetric({ spec, weights }: Pick<PinSageModel, 'spec' | 'weights'>): 'cosine' | 'ip' {
  return spec.normalise && axesColumns(weights) === 0 ? 'cosine' : 'ip';
}
