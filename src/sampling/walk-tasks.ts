import { BoardwalkError } from '../errors.js';
import { isLive, rowCount, type WalkedGraph } from '../graph/walk-rows.js';
import { type BatchTask, batchMaker } from './batches.js';
import { type HardNegativeTask, hardNegativeMiner } from './hard-negatives.js';
import { type KernelName, walkKernelFor } from './choose-kernel.js';
import type { ImportancePoolingOptions, Neighbourhoods } from './kernel.js';
import type { MiniBatch } from './minibatch.js';

export interface ImportanceTask {
  seeds: Uint32Array;
  options: ImportancePoolingOptions;
  /** The rows of these seeds, in shared memory. */
  into: Neighbourhoods;
}

/** What a walk worker can be asked for; the same functions serve a pool without threads. */
export interface WalkTasks {
  importance(task: ImportanceTask): void;
  /** Refused for a graph that changes: whether two pins share a board must not change on the way. */
  hardNegatives(task: HardNegativeTask): void;
  batch(task: BatchTask): MiniBatch;
}

export type WalkTaskName = keyof WalkTasks;
export type WalkTaskOf<Name extends WalkTaskName> = Parameters<WalkTasks[Name]>[0];
export type WalkResultOf<Name extends WalkTaskName> = ReturnType<WalkTasks[Name]>;

export function walkTasks(graph: WalkedGraph, kernelName: KernelName): WalkTasks {
  const kernel = walkKernelFor(graph, kernelName);
  return {
    importance: ({ seeds, options, into }) => void kernel.importancePool(seeds, options, into),
    hardNegatives: isLive(graph) ? refuseLive : hardNegativeMiner(graph, kernel),
    batch: batchMaker(rowCount(graph.pins), rowCount(graph.boards)),
  };
}

function refuseLive(): never {
  throw new BoardwalkError('bad_option', 'Hard negatives are mined on a built graph. Compact the delta first.');
}
