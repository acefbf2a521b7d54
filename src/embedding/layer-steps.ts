import * as tf from '@tensorflow/tfjs-core';
import type { Side } from '../graph/graph.js';
import type { Rows } from '../linear/rows.js';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import type { Encoder } from '../model/encoder.js';
import { type PinInputs, pickInputs } from '../model/features.js';
import type { Block } from '../model/layer-step.js';
import type { Neighbourhoods } from '../sampling/kernel.js';

/** What layer-wise inference reads and writes; in shared memory where several threads do so. */
export interface LayerMemory {
  /** Dense ones are views of `rows`: steps that make h0 of them write over them. */
  readonly inputs: PinInputs;
  /** One row a node, by the names that the encoder's steps give them. */
  readonly rows: Readonly<Record<string, Rows>>;
  readonly neighbourhoods: Neighbourhoods;
}

/** One of the encoder's steps, counted from 0, for its nodes `from` to `to` - 1. */
export interface BlockTask {
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

/** The inputs of a kind of node; none of boards where the encoder reads none. */
export function inputsOf({ inputs }: Pick<LayerMemory, 'inputs'>, kind: Side): PinInputs {
  return kind === 'pins' ? inputs : (inputs.boards ?? noInputs);
}

function blockOf(memory: LayerMemory, of: Side, from: number, to: number): Block {
  const { rows, neighbourhoods } = memory;
  const onHost = (name: string): Rows => {
    const { width, values } = rows[name];
    return { width, values: values.subarray(from * width, to * width) };
  };
  return {
    onHost,
    inputs() {
      const block = Uint32Array.from({ length: to - from }, (_, row) => from + row);
      return pickInputs(inputsOf(memory, of), block);
    },
    rows(name) {
      const { width, values } = onHost(name);
      return tf.tensor2d(values, [to - from, width]);
    },
    all: (name) => rows[name],
    neighbours: () => rowsBetween(neighbourhoods, inputsOf(memory, 'pins').pins, from, to),
    boards: () => rowsBetween(neighbourhoods.boards ?? noNeighbours, inputsOf(memory, 'boards').pins, from, to),
  };
}

const noInputs: PinInputs = {
  pins: 0,
  dense: { width: 0, values: new Float32Array(0) },
  text: undefined,
  ids: undefined,
};
const noNeighbours: Neighbourhoods = { size: 0, neighbours: new Uint32Array(0), weights: new Float32Array(0) };

function rowsBetween(
  { size, neighbours, weights }: Neighbourhoods,
  columnCount: number,
  from: number,
  to: number,
): SparseMatrix {
  return {
    shape: [to - from, columnCount],
    offsets: Int32Array.from({ length: to - from + 1 }, (_, row) => row * size),
    columns: Int32Array.from(neighbours.subarray(from * size, to * size)),
    values: weights.subarray(from * size, to * size),
  };
}

/** Performs the steps of one encoder over one memory. */
export function layerSteps(encoder: Encoder, memory: LayerMemory): (task: BlockTask) => Promise<void> {
  const steps = encoder.steps(memory.inputs);
  return async ({ step, from, to }) => {
    const { of, writes, compute } = steps[step];
    const block = tf.tidy(() => compute(blockOf(memory, of, from, to)));
    const { width, values } = memory.rows[writes];
    values.set((await block.data()) as Float32Array, from * width);
    block.dispose();
  };
}
