import { once } from 'node:events';
import { Piscina } from 'piscina';
import { workerFile, type WorkerName } from './workers.js';

export interface ThreadsOptions {
  threads: number;
  /** What each thread gets before its first task; shared memory is handed over, the rest is copied. */
  workerData?: unknown;
}

/** Threads that all run one worker file. */
export interface Threads {
  readonly pool: Piscina;
  /** Ends the threads; unfinished tasks reject. */
  end(): Promise<void>;
}

/**
 * Starts threads. They end only after they have loaded their module: Node 20 aborts the whole process when a
 * thread is terminated while it links an ES module.
 */
export function startThreads(name: WorkerName, { threads, workerData }: ThreadsOptions): Threads {
  const pool = new Piscina({ filename: workerFile(name), workerData, minThreads: threads, maxThreads: threads });
  // A thread's first message says that it has loaded. One that fails ends instead, which the pool reports.
  const loaded = pool.threads.map((thread) =>
    Promise.race([once(thread, 'message'), once(thread, 'exit')]).catch(() => undefined),
  );
  return {
    pool,
    async end() {
      await Promise.all(loaded);
      await pool.destroy();
    },
  };
}
