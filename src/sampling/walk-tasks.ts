import type { Topology } from '../graph/graph.js';
import { type BatchTask, batchMaker } from './batches.js';
import { type HardNegativeTask, hardNegativeMiner } from './hard-negatives.js';
import type { ImportancePoolingOptions, Neighbourhoods } from './kernel.js';
import type { MiniBatch } from './minibatch.js';
import { typescriptKernel } from './typescript-kernel.js';

export interface ImportanceTask {
  seeds: Uint32Array;
  options: ImportancePoolingOptions;
  /** The rows of these seeds, in shared memory. */
  into: Neighbourhoods;
}

/** What a walk worker can be asked for; the same functions serve a pool without threads. */
export interface WalkTasks {
  importance(task: ImportanceTask): void;
  hardNegatives(task: HardNegativeTask): void;
  batch(task: BatchTask): MiniBatch;
}

export type WalkTaskName = keyof WalkTasks;
export type WalkTaskOf<Name extends WalkTaskName> = Parameters<WalkTasks[Name]>[0];
export type WalkResultOf<Name extends WalkTaskName> = ReturnType<WalkTasks[Name]>;

export function walkTasks(topology: Topology): WalkTasks {
  const kernel = typescriptKernel(topology);
  return {
    importance: ({ seeds, options, into }) => void kernel.importancePool(seeds, options, into),
    hardNegatives: hardNegativeMiner(topology, kernel),
    batch: batchMaker(topology.pins.offsets.length - 1),
  };
}
