import type * as tf from '@tensorflow/tfjs-core';
import type { PinInputs } from './features.js';
import type { SparseMatrix } from './sparse-product.js';

/** A matrix on the host, row-major. */
export interface Rows {
  readonly width: number;
  readonly values: Float32Array;
}

/** The rows that are there before the first step, the dense inputs of all pins, and those that the last step leaves. */
export const ownRows = 'own';
export const outputRows = 'output';

/** What a step may read to compute the rows of some pins that follow one another. */
export interface Block {
  /** The pins' inputs. */
  inputs(): PinInputs;
  /** The pins' rows of a name, as the steps before left them. */
  rows(name: string): tf.Tensor2D;
  /** All pins' rows of a name, on the host. */
  all(name: string): Rows;
  /** [pins of the block, all pins] importance weights. */
  neighbours(): SparseMatrix;
}

/**
 * One step of layer-wise inference. It is computed block by block, in any order and by several threads, before the
 * next one begins; so it may write over the rows of the block that it reads, and not over those of other pins.
 */
export interface LayerStep {
  /** Names the rows that it writes, one a pin. All steps that write a name give it one width. */
  readonly writes: string;
  readonly width: number;
  compute(block: Block): tf.Tensor2D;
}
