/** Whom the lists of one method show: of many methods alike in recall, some show the same few pins to all. */
export interface Exposure {
  /** Mean of log(1 + boards) over the pins shown. */
  readonly logPopularity: number;
  /** Share of the places that go to the most popular tenth of the catalogue. */
  readonly headShare: number;
  /** Gini index of the times that each pin of the catalogue is shown: 0 all alike, 1 one pin alone. */
  readonly gini: number;
  /** Distinct pins shown over the size of the catalogue. */
  readonly coverage: number;
}

const headFraction = 0.1;

/** Exposure by the first `k` of `lists`; `degrees` has the boards of every pin of the catalogue. */
export function exposureAt(lists: Iterable<ArrayLike<number>>, degrees: Uint32Array, k: number): Exposure {
  const times = new Uint32Array(degrees.length);
  let places = 0;
  for (const list of lists)
    for (let r = 0; r < k && r < list.length; r++) {
      times[list[r]]++;
      places++;
    }
  if (places === 0) return { logPopularity: 0, headShare: 0, gini: 0, coverage: 0 };
  const byPopularity = Uint32Array.from(degrees.keys()).sort((a, b) => degrees[b] - degrees[a] || a - b);
  const head = byPopularity.subarray(0, Math.ceil(headFraction * degrees.length));
  return {
    logPopularity: times.reduce((sum, count, pin) => sum + count * Math.log1p(degrees[pin]), 0) / places,
    headShare: head.reduce((sum, pin) => sum + times[pin], 0) / places,
    gini: giniIndex(times, places),
    coverage: times.reduce((count, shown) => count + (shown > 0 ? 1 : 0), 0) / degrees.length,
  };
}

function giniIndex(times: Uint32Array, total: number): number {
  const sorted = times.toSorted();
  const n = sorted.length;
  const ranked = sorted.reduce((sum, count, i) => sum + (i + 1) * count, 0);
  return (2 * ranked) / (n * total) - (n + 1) / n;
}
