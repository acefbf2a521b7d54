import { workerData } from 'node:worker_threads';
import type { LiveTopology } from '../src/graph/walk-rows.js';
import { walkKernelFor } from '../src/sampling/choose-kernel.js';
import { importancePoolingDefaults } from '../src/sampling/kernel.js';
import { threadSeconds } from './thread-clock.js';

interface Given {
  topology: LiveTopology;
  seeds: Uint32Array;
  /** Seeds walked so far, and the seconds that this thread has run. */
  progress: Float64Array;
}

const { topology, seeds, progress } = workerData as Given;
const kernel = walkKernelFor(topology);

/** Few enough that the progress goes on in small steps. */
const atOnce = 256;

for (let from = 0; ; from = (from + atOnce) % seeds.length) {
  kernel.importancePool(seeds.subarray(from, from + atOnce), importancePoolingDefaults);
  progress[0] += atOnce;
  progress[1] = threadSeconds();
}
