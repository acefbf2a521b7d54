import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { foreseeMemory } from '../data/available-memory.js';
import { BoardwalkError } from '../errors.js';
import type { Topology } from '../graph/graph.js';
import type { WalkedGraph } from '../graph/walk-rows.js';
import { performers } from '../threads.js';
import { withDefaults } from '../with-defaults.js';
import type { KernelName } from './choose-kernel.js';
import { type WalkResultOf, type WalkTaskName, type WalkTaskOf, type WalkTasks, walkTasks } from './walk-tasks.js';

export interface WalkPoolOptions {
  /** Worker threads; 0 walks on the calling thread. */
  threads: number;
  kernel: KernelName;
}

export function walkPoolDefaults(): WalkPoolOptions {
  return { threads: Math.max(1, availableParallelism()), kernel: 'auto' };
}

/** Threads that walk one graph in shared memory. A task's result does not depend on how many there are. */
export interface WalkPool<Walked extends WalkedGraph = Topology> {
  readonly threads: number;
  readonly topology: Walked;
  /** Runs one task on a free thread. Costs about 0.3 ms, so a task should be worth milliseconds. */
  run<Name extends WalkTaskName>(name: Name, task: WalkTaskOf<Name>): Promise<WalkResultOf<Name>>;
  /** Ends the threads; unfinished tasks reject. */
  close(): Promise<void>;
}

/** Opens a pool over a graph; close it when done. The topology's arrays should lie in shared memory. */
export function walkPool<Walked extends WalkedGraph>(
  topology: Walked,
  options: Partial<WalkPoolOptions> = {},
): WalkPool<Walked> {
  const { threads, kernel } = withDefaults(walkPoolDefaults(), options);
  if (!Number.isInteger(threads) || threads < 0)
    throw new BoardwalkError('bad_option', `The number of walk threads must be 0 or more, not ${threads}.`, {
      field: 'threads',
    });
  return threads === 0 ? poolWithoutThreads(topology, kernel) : threadedPool(topology, threads, kernel);
}

function poolWithoutThreads<Walked extends WalkedGraph>(topology: Walked, kernel: KernelName): WalkPool<Walked> {
  const tasks = walkTasks(topology, kernel);
  return {
    threads: 0,
    topology,
    async run<Name extends WalkTaskName>(name: Name, task: WalkTaskOf<Name>) {
      // Lets signals and requests in between two tasks.
      await setImmediate();
      const perform = tasks[name] as (task: WalkTaskOf<Name>) => ReturnType<WalkTasks[Name]>;
      return perform(task);
    },
    async close() {},
  };
}

/** A thread with its own JavaScript, measured: 9 to 11 MB before it walks. */
const threadBytes = 9e6;

function threadedPool<Walked extends WalkedGraph>(
  topology: Walked,
  threads: number,
  kernel: KernelName,
): WalkPool<Walked> {
  foreseeMemory({
    what: `Starting ${threads} walk threads`,
    bytes: threads * threadBytes,
    mend: 'Ask for fewer threads.',
  });
  const { perform, end } = performers('walk', {
    threads,
    workerData: { topology, kernel },
    what: 'A walk thread',
  });
  return {
    threads,
    topology,
    async run<Name extends WalkTaskName>(name: Name, task: WalkTaskOf<Name>) {
      return (await perform(name, task)) as WalkResultOf<Name>;
    },
    close: end,
  };
}
