/** Seconds that each named stage took, for a model's provenance. */
export class StageClock {
  readonly #seconds: Record<string, number> = {};
  readonly #before: () => void;

  /** `before` is called before each stage; what it throws ends the work there. */
  constructor(before: () => void = () => {}) {
    this.#before = before;
  }

  async time<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
    this.#before();
    const started = performance.now();
    try {
      return await work();
    } finally {
      const seconds = (performance.now() - started) / 1000;
      this.#seconds[stage] = Math.round(((this.#seconds[stage] ?? 0) + seconds) * 10) / 10;
    }
  }

  get timings(): Readonly<Record<string, number>> {
    return { ...this.#seconds };
  }
}
