/** Training pairs in dense indices, in shared memory. */
export interface PositivePairs {
  readonly queries: Uint32Array;
  readonly positives: Uint32Array;
  /** The pins that stand for each pair's query; where absent, its query pin does. */
  readonly companions?: Companions;
}

/** Pins of each pair's board without its positive: those of pair i are `pins` from offsets[i] to offsets[i + 1]. */
export interface Companions {
  readonly offsets: Int32Array;
  readonly pins: Uint32Array;
}

/** The pairs from `from` to `to` - 1, as copies. */
export function someOfPairs(
  { queries, positives, companions }: PositivePairs,
  from: number,
  to: number,
): PositivePairs {
  return {
    queries: queries.slice(from, to),
    positives: positives.slice(from, to),
    companions: companions && someOfCompanions(companions, from, to),
  };
}

function someOfCompanions({ offsets, pins }: Companions, from: number, to: number): Companions {
  const own = offsets.subarray(from, to + 1);
  return { offsets: own.map((offset) => offset - own[0]), pins: pins.slice(own[0], own[own.length - 1]) };
}
