import type * as tf from '@tensorflow/tfjs-core';
import type { Side } from '../graph/graph.js';
import type { Rows } from '../linear/rows.js';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import type { PinInputs } from './features.js';

/** The rows that are there before the first step, the dense inputs of pins and of boards, and places on axes … */
export const ownRows = 'own';
export const boardRows = 'boards';
export const axesRows = 'axes';
/** … and those that the last step leaves, the vectors of pins. */
export const outputRows = 'output';

/** What a step may read to compute the rows of some nodes of a kind that follow one another. */
export interface Block {
  /** The nodes' inputs. */
  inputs(): PinInputs;
  /** The nodes' rows of a name, as the steps before left them. */
  rows(name: string): tf.Tensor2D;
  /** The nodes' rows of a name, on the host. */
  onHost(name: string): Rows;
  /** All nodes' rows of a name, on the host. */
  all(name: string): Rows;
  /** [pins of the block, all pins] importance weights. */
  neighbours(): SparseMatrix;
  /** [pins of the block, all boards] importance weights. */
  boards(): SparseMatrix;
}

/**
 * One step of layer-wise inference. It is computed block by block, in any order and by several threads, before the
 * next one begins; so it may write over the rows of the block that it reads, and not over those of other nodes.
 */
export interface LayerStep {
  /** Whose rows it writes. */
  readonly of: Side;
  /** Names the rows. All steps that write a name write it for the same nodes, and give it one width. */
  readonly writes: string;
  readonly width: number;
  compute(block: Block): tf.Tensor2D;
}
