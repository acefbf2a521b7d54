import type { LiveGraph } from '../graph/live/live-graph.js';
import type { LiveView } from '../graph/live/live-view.js';
import type { LiveTopology } from '../graph/walk-rows.js';
import { importancePoolingDefaults } from './kernel.js';
import { type WalkPool, walkPool, type WalkPoolOptions } from './pool.js';
import { sharedNeighbourhoods } from './shared-arrays.js';

/** A live graph in one numbering, with threads that walk it. */
export interface WalkedView {
  readonly view: LiveView;
  readonly pool: WalkPool<LiveTopology>;
}

/** Threads that walk a live graph, through its compactions. */
export interface LivePool {
  /**
   * Runs `work` with the graph and threads of the moment; indices are of that view. A compaction meanwhile
   * changes nothing for it: the threads end when the last work with them is done.
   */
  use<T>(work: (walked: WalkedView) => Promise<T>): Promise<T>;
  /** Ends the threads once all work is done. */
  close(): Promise<void>;
}

/** Threads and those who use them. */
class Lease implements WalkedView {
  readonly view: LiveView;
  readonly pool: WalkPool<LiveTopology>;
  readonly ended: Promise<void>;
  #end: (closing: Promise<void>) => void = () => {};
  #users = 0;
  #replaced = false;

  constructor(view: LiveView, options: Partial<WalkPoolOptions>) {
    this.view = view;
    this.pool = walkPool(view.topology, options);
    this.ended = new Promise((done) => {
      this.#end = done;
    });
  }

  async use<T>(work: (walked: WalkedView) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work(this);
    } finally {
      this.#users--;
      this.#endIfUnused();
    }
  }

  /** Resolves when a thread has started. */
  async ready(): Promise<void> {
    const task = { seeds: new Uint32Array(0), options: importancePoolingDefaults, into: sharedNeighbourhoods(0, 1) };
    await this.pool.run('importance', task);
  }

  replace(): void {
    this.#replaced = true;
    this.#endIfUnused();
  }

  #endIfUnused(): void {
    if (this.#replaced && this.#users === 0) this.#end(this.pool.close());
  }
}

/**
 * Opens a pool over a live graph; close it before the graph. After a compaction, threads over the new memory
 * start in the background and take over when they are ready; until then, walks do not see the newest changes.
 */
export function livePool(live: LiveGraph, options: Partial<WalkPoolOptions> = {}): LivePool {
  let lease = new Lease(live.view, options);
  let closed = false;
  const ending = new Set<Promise<void>>();
  const end = (old: Lease): void => {
    old.replace();
    const ended = old.ended.finally(() => ending.delete(ended));
    ending.add(ended);
  };
  const forget = live.onCompaction((view) => {
    const next = new Lease(view, options);
    const takeOver = async (): Promise<void> => {
      await next.ready();
      const stale = closed || live.view !== view;
      end(stale ? next : lease);
      if (!stale) lease = next;
    };
    // Threads that cannot start leave the walks where they are; asking again fails as loudly as it should.
    const ready = takeOver()
      .catch(() => end(next))
      .finally(() => ending.delete(ready));
    ending.add(ready);
  });
  return {
    use: (work) => lease.use(work),
    async close() {
      forget();
      closed = true;
      end(lease);
      while (ending.size > 0) await Promise.all(ending);
    },
  };
}
