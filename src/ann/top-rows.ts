/** Rows and scores in descending score, ties by row. */
export interface TopRows {
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/**
 * Keeps the best `limit` of the rows offered, in a binary heap whose root is the worst one kept: most
 * offers cost one comparison. Ties go to the lower row, so the result does not depend on the order of offers.
 */
export class TopK {
  readonly #limit: number;
  readonly #rows: Uint32Array;
  readonly #scores: Float32Array;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#rows = new Uint32Array(limit);
    this.#scores = new Float32Array(limit);
  }

  offer(row: number, score: number): void {
    if (this.#size === this.#limit) {
      if (this.#limit === 0 || !this.#worse(0, row, Math.fround(score))) return;
      this.#rows[0] = row;
      this.#scores[0] = score;
      this.#sink();
      return;
    }
    let at = this.#size++;
    this.#rows[at] = row;
    this.#scores[at] = score;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#worse(at, this.#rows[parent], this.#scores[parent])) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** The rows kept, best first. */
  take(): TopRows {
    const order = Array.from({ length: this.#size }, (_, i) => i).sort(
      (a, b) => this.#scores[b] - this.#scores[a] || this.#rows[a] - this.#rows[b],
    );
    return {
      rows: Uint32Array.from(order, (i) => this.#rows[i]),
      scores: Float32Array.from(order, (i) => this.#scores[i]),
    };
  }

  /** Whether the row kept at `at` ranks below the one given. */
  #worse(at: number, row: number, score: number): boolean {
    return this.#scores[at] < score || (this.#scores[at] === score && this.#rows[at] > row);
  }

  #swap(a: number, b: number): void {
    const row = this.#rows[a];
    const score = this.#scores[a];
    this.#rows[a] = this.#rows[b];
    this.#scores[a] = this.#scores[b];
    this.#rows[b] = row;
    this.#scores[b] = score;
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#size && this.#worse(child, this.#rows[worst], this.#scores[worst])) worst = child;
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }
}
