import { once } from 'node:events';
import { Piscina } from 'piscina';
import { BoardwalkError } from './errors.js';
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

export interface PerformersOptions extends ThreadsOptions {
  /** Names one of the threads in errors: "A thread that embeds". */
  what: string;
}

/** Threads that are asked for tasks until one of them fails or they are ended. */
export interface Performers {
  /** Has a free thread call the function that its worker file exports under `name`. Throws `interrupted`. */
  perform(name: string, task: unknown): Promise<unknown>;
  /** Ends the threads; unfinished tasks reject. */
  end(): Promise<void>;
}

/**
 * Starts threads of which one failure ends all: the tasks behind it would wait for a thread that is gone, and threads
 * that cannot start would be started again and again.
 */
export function performers(worker: WorkerName, { what, ...options }: PerformersOptions): Performers {
  const { pool, end } = startThreads(worker, options);
  let ended = false;
  let failure: BoardwalkError | undefined;
  const fail = (cause: Error): BoardwalkError => {
    if (ended) return new BoardwalkError('interrupted', `${what} was ended before its task was done.`);
    if (!failure) {
      failure = new BoardwalkError('interrupted', `${what} failed: ${cause.message}.`, {}, { cause });
      void end();
    }
    return failure;
  };
  pool.on('error', fail);
  return {
    async perform(name, task) {
      if (ended || failure) throw fail(new Error('ended'));
      try {
        return await pool.run(task, { name });
      } catch (error) {
        throw fail(error as Error);
      }
    },
    async end() {
      ended = true;
      await end();
    },
  };
}
