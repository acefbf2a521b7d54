import type { TrainingRecord } from './training-log.js';

/** How fast training goes, and the share of its time that it waits for batches. */
export interface Pace {
  readonly pairs_per_second: number;
  readonly idle_share: number;
}

interface Moment {
  readonly time: number;
  /** Milliseconds waited for batches up to here. */
  readonly waited: number;
}

/** Measures one epoch: the pace of each step and of all, and the mean loss, with that of steps before a resume. */
export class EpochMeter {
  #losses: number;
  #steps: number;
  #pairs = 0;
  #begun: Moment;
  #last: Moment;

  /** `done` are the records of the epoch's steps before a resume; `waited` as in `step`. */
  constructor(done: readonly TrainingRecord[], waited: number) {
    this.#losses = done.reduce((total, { loss }) => total + loss, 0);
    this.#steps = done.length;
    this.#begun = { time: performance.now(), waited };
    this.#last = this.#begun;
  }

  /** Takes in a step that ends now; `waited` counts milliseconds since the epoch's first batch was asked for. */
  step(loss: number, pairs: number, waited: number): Pace {
    const now = { time: performance.now(), waited };
    const pace = paceBetween(this.#last, now, pairs);
    this.#losses += loss;
    this.#steps++;
    this.#pairs += pairs;
    this.#last = now;
    return pace;
  }

  get meanLoss(): number {
    return this.#losses / this.#steps;
  }

  /** From the first step of this run to the last. */
  get pace(): Pace {
    return paceBetween(this.#begun, this.#last, this.#pairs);
  }
}

function paceBetween(from: Moment, to: Moment, pairs: number): Pace {
  const milliseconds = Math.max(to.time - from.time, 1e-3);
  return {
    pairs_per_second: Math.round((1000 * pairs) / milliseconds),
    idle_share: Number(Math.min(1, (to.waited - from.waited) / milliseconds).toFixed(3)),
  };
}
