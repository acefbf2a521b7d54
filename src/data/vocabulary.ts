/** Maps ids, as the user wrote them, to dense indices 0 … size-1 and back. Strings stay at the edges. */
export class Vocabulary {
  readonly #ids: readonly string[];
  #indices: Map<string, number> | undefined;

  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  get size(): number {
    return this.#ids.length;
  }

  id(index: number): string {
    return this.#ids[index];
  }

  /** The dense index of an id, or -1. The map is made on first use: batch jobs often need none. */
  indexOf(id: string): number {
    this.#indices ??= new Map(this.#ids.map((known, index) => [known, index]));
    return this.#indices.get(id) ?? -1;
  }

  ids(): readonly string[] {
    return this.#ids;
  }
}
