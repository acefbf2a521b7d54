import * as tf from '@tensorflow/tfjs-core';
import { heapTensor, heapView } from '../../model/arithmetic/wasm-heap.js';
import { differentiable } from '../../model/differentiable.js';
import type { Barrier } from './barrier.js';
import type { TowerMemory } from './tower-memory.js';
import { ownRows, type TowerPlace } from './tower-part.js';

/**
 * Brings rows of several towers together; differentiable, each way the gradient of the other. All towers must call
 * alike, in the same order.
 */
export class Exchange {
  readonly #memory: TowerMemory;
  readonly #barrier: Barrier;
  readonly #place: TowerPlace;
  #turn = 0;

  constructor(memory: TowerMemory, barrier: Barrier, place: TowerPlace) {
    this.#memory = memory;
    this.#barrier = barrier;
    this.#place = place;
  }

  /** All rows, of which each tower holds its own. */
  all(own: tf.Tensor2D): tf.Tensor2D {
    return differentiable([own], (x) => ({
      value: this.#collect(x),
      saved: [],
      gradient: (dy) => [this.#reduce(dy)],
    }));
  }

  /** A tower's own rows of the sum over what all towers found, each for all rows. */
  sum(found: tf.Tensor2D): tf.Tensor2D {
    return differentiable([found], (x) => ({
      value: this.#reduce(x),
      saved: [],
      gradient: (dy) => [this.#collect(dy)],
    }));
  }

  #next(): { shared: Float32Array; rowCounts: Int32Array } {
    this.#turn = 1 - this.#turn;
    return { shared: this.#memory.exchange[this.#turn], rowCounts: this.#memory.rowCounts[this.#turn] };
  }

  #collect(own: tf.Tensor2D): tf.Tensor {
    const { rank, towers } = this.#place;
    const { shared, rowCounts } = this.#next();
    const [rows, width] = own.shape;
    const values = heapView(own);
    rowCounts[rank] = rows;
    for (let row = 0; row < rows; row++)
      shared.set(values.subarray(row * width, (row + 1) * width), (row * towers + rank) * width);
    this.#barrier.wait();
    const total = rowCounts.reduce((sum, count) => sum + count, 0);
    return heapTensor([total, width], (all) => all.set(shared.subarray(0, all.length)));
  }

  #reduce(found: tf.Tensor2D): tf.Tensor {
    const { rank, towers } = this.#place;
    const { blockLength } = this.#memory;
    const { shared } = this.#next();
    const [rows, width] = found.shape;
    shared.set(heapView(found), rank * blockLength);
    this.#barrier.wait();
    const ownRowsBy = (tower: number): tf.Tensor =>
      heapTensor([ownRows(rows, this.#place), width], (own) => {
        let from = tower * blockLength + rank * width;
        for (let to = 0; to < own.length; to += width, from += towers * width)
          own.set(shared.subarray(from, from + width), to);
      });
    return tf.tidy(() =>
      Array.from({ length: towers }, (_, tower) => ownRowsBy(tower)).reduce((sum, own) => tf.add(sum, own)),
    );
  }
}
