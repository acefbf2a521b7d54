import { achievedSignificance, bootstrapMeans, holm, interval95 } from '../metrics/bootstrap.js';

/** How far a measure of the best method lies above that of another, over the same cases. */
export interface Comparison {
  readonly measure: string;
  readonly best: string;
  readonly other: string;
  readonly difference: number;
  /** 95% bootstrap interval of the difference. */
  readonly interval: readonly [low: number, high: number];
  /** Two-sided, by the paired bootstrap, corrected after Holm for the methods that the best is compared with. */
  readonly p: number;
}

export interface Uncertainty {
  /** Method → measure → 95% bootstrap interval of its mean over the cases. */
  readonly intervals: Readonly<Record<string, Readonly<Record<string, readonly [low: number, high: number]>>>>;
  /** The best method of each measure against every other. */
  readonly comparisons: readonly Comparison[];
}

/** Resampling that costs more than this many additions takes fewer resamples, down to 200: it stays within seconds. */
const mostAdditions = 3e9;
const mostResamples = 1_000;

/**
 * Intervals and tests from each method's figures [cases, measures], the cases in the same order for all; `clusters` are
 * the bootstrap's.
 */
export function uncertaintyOf(
  figures: ReadonlyMap<string, Float64Array>,
  measures: readonly string[],
  seed: number,
  clusters?: Uint32Array,
): Uncertainty {
  const methods = [...figures.keys()];
  const columns = methods.length * measures.length;
  const cases = columns === 0 ? 0 : (figures.get(methods[0])?.length ?? 0) / measures.length;
  // One cluster alone says nothing of how clusters differ.
  if (cases < 2 || clusters?.every((each) => each === clusters[0])) return { intervals: {}, comparisons: [] };
  const joined = new Float64Array(cases * columns);
  const means = new Float64Array(columns);
  methods.forEach((method, m) =>
    figures.get(method)!.forEach((value, at) => {
      const column = m * measures.length + (at % measures.length);
      joined[Math.floor(at / measures.length) * columns + column] = value;
      means[column] += value / cases;
    }),
  );
  const resamples = Math.max(200, Math.min(mostResamples, Math.floor(mostAdditions / joined.length)));
  const resampled = bootstrapMeans(joined, columns, { resamples, seed, clusters });
  const columnOf = (method: number, measure: number): Float64Array =>
    Float64Array.from({ length: resamples }, (_, r) => resampled[r * columns + method * measures.length + measure]);

  const comparisons = measures.flatMap((measure, c) => {
    const scores = methods.map((_, m) => means[m * measures.length + c]);
    const best = scores.indexOf(Math.max(...scores));
    const others = methods.map((_, m) => m).filter((m) => m !== best);
    const ahead = columnOf(best, c);
    const differences = others.map((m) => columnOf(m, c).map((value, r) => ahead[r] - value));
    // So few resamples could call nothing sure once corrected, and so many cases are as good as normal.
    const corrected = holm(differences.map((each) => achievedSignificance(each, resamples < mostResamples)));
    return others.map((m, i) => ({
      measure,
      best: methods[best],
      other: methods[m],
      difference: scores[best] - scores[m],
      interval: interval95(differences[i]),
      p: corrected[i],
    }));
  });
  const intervals = Object.fromEntries(
    methods.map((method, m) => [
      method,
      Object.fromEntries(measures.map((measure, c) => [measure, interval95(columnOf(m, c))])),
    ]),
  );
  return { intervals, comparisons };
}
