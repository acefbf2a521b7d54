import { workerData } from 'node:worker_threads';
import type { LiveTopology } from '../src/graph/walk-rows.js';
import { walkKernelFor } from '../src/sampling/choose-kernel.js';
import { importancePoolingDefaults } from '../src/sampling/kernel.js';

interface Given {
  topology: LiveTopology;
  seeds: Uint32Array;
  /** Seeds walked so far. */
  counter: Int32Array;
}

const { topology, seeds, counter } = workerData as Given;
const kernel = walkKernelFor(topology);

/** Few enough that the count goes up in small steps. */
const atOnce = 256;

for (let from = 0; ; from = (from + atOnce) % seeds.length) {
  kernel.importancePool(seeds.subarray(from, from + atOnce), importancePoolingDefaults);
  Atomics.add(counter, 0, atOnce);
}
