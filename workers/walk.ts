import { move, transferableSymbol, valueSymbol } from 'piscina';
import { workerData } from 'node:worker_threads';
import type { BatchTask } from '../src/sampling/batches.js';
import { batchBuffers } from '../src/sampling/minibatch.js';
import { walkTasks } from '../src/sampling/walk-tasks.js';

const { topology, kernel } = workerData;
const tasks = walkTasks(topology, kernel);

export const importance = tasks.importance;
export const hardNegatives = tasks.hardNegatives;

/** The batch's memory changes hands instead of being copied. */
export function batch(task: BatchTask): unknown {
  const made = tasks.batch(task);
  return move({ [transferableSymbol]: batchBuffers(made), [valueSymbol]: made } as never);
}
