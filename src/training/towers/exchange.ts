import type * as tf from '@tensorflow/tfjs-core';
import { heapTensor, heapView } from '../../model/arithmetic/wasm-heap.js';
import { differentiable } from '../../model/differentiable.js';
import type { Gather } from '../../model/encoder.js';
import type { Barrier } from './barrier.js';
import type { TowerMemory } from './tower-memory.js';
import { ownRows, type TowerPlace } from './tower-part.js';

/**
 * Brings together the rows that the towers hold, of `rows` in all: forward every tower reads all rows, backward
 * each sums up what all towers found for its own. All towers must call alike, in the same order.
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

  /** The rows of each call in turn, as an encoder gathers them. */
  gather(rows: readonly number[]): Gather {
    let call = 0;
    return (own) => {
      const all = rows[call++];
      return differentiable([own], (x) => ({
        value: this.#collect(x, all),
        saved: [],
        gradient: (dy) => [this.#reduce(dy)],
      }));
    };
  }

  #next(): Float32Array {
    this.#turn = 1 - this.#turn;
    return this.#memory.exchange[this.#turn];
  }

  #collect(own: tf.Tensor2D, rows: number): tf.Tensor {
    const { rank, towers } = this.#place;
    const shared = this.#next();
    const width = own.shape[1];
    const values = heapView(own);
    for (let row = 0; row < own.shape[0]; row++)
      shared.set(values.subarray(row * width, (row + 1) * width), (row * towers + rank) * width);
    this.#barrier.wait();
    return heapTensor([rows, width], (all) => all.set(shared.subarray(0, rows * width)));
  }

  #reduce(dy: tf.Tensor2D): tf.Tensor {
    const { rank, towers } = this.#place;
    const { blockLength } = this.#memory;
    const shared = this.#next();
    const [rows, width] = dy.shape;
    shared.set(heapView(dy), rank * blockLength);
    this.#barrier.wait();
    return heapTensor([ownRows(rows, this.#place), width], (sums) => {
      const count = sums.length / width;
      for (let row = 0; row < count; row++) {
        const from = (row * towers + rank) * width;
        sums.set(shared.subarray(from, from + width), row * width);
      }
      for (let tower = 1; tower < towers; tower++)
        for (let row = 0; row < count; row++) {
          const from = tower * blockLength + (row * towers + rank) * width;
          addTo(sums, row * width, shared, from, width);
        }
    });
  }
}

function addTo(sums: Float32Array, to: number, values: Float32Array, from: number, length: number): void {
  for (let i = 0; i < length; i++) sums[to + i] += values[from + i];
}
