import type { PinSageSpec } from './spec.js';

/** One named array of a model, held as plain memory and so free of any tensor backend. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Weights by name, in the order in which they were made. */
export type Weights = ReadonlyMap<string, Weight>;

export function zeros(...shape: readonly number[]): Weight {
  return { shape, values: new Float32Array(shape.reduce((size, side) => size * side, 1)) };
}

/** An array brought to `rows` rows by rows of 0 behind its own. */
export function withMoreRows({ shape: [, ...sides], values }: Weight, rows: number): Weight {
  const more = zeros(rows, ...sides);
  more.values.set(values);
  return more;
}

/** What the model was fitted to read; a graph to be embedded must hold the same columns. */
export interface FittedFeatures {
  /** Dense feature columns, in order; `scale` multiplies a column's values. */
  readonly columns: readonly { readonly name: string; readonly dimension: number; readonly scale: number }[];
  /** Whether title and text are read. */
  readonly text: boolean;
  /** Whether the id table is used. */
  readonly ids: boolean;
  /** Names of the other graphs that neighbours are read from, beside the graph's own; absent where there are none. */
  readonly relations?: readonly string[];
  /** Mean and standard deviation of log(1 + degree) over the training graph. */
  readonly logDegree: { readonly mean: number; readonly deviation: number };
}

/** A trained PinSage: what `embedPins` needs beside a graph. Holds no tensors. */
export interface PinSageModel {
  readonly spec: PinSageSpec;
  readonly features: FittedFeatures;
  readonly weights: Weights;
}
