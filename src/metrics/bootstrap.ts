import { random } from '../random.js';
import { withDefaults } from '../with-defaults.js';

export interface BootstrapOptions {
  resamples: number;
  seed: number;
  /** [cases] numbers from 0 of what each case belongs to: cases of one cluster are drawn together. None: each is its own. */
  clusters: Uint32Array | undefined;
}

export const bootstrapDefaults: BootstrapOptions = { resamples: 1_000, seed: 1, clusters: undefined };

/** Times that one case of many turns up in a resample: Poisson with mean 1, cut where it is rarer than 10⁻⁷. */
const chances = [
  0.367879441, 0.735758882, 0.919698603, 0.981011843, 0.996340153, 0.999405815, 0.999916759, 0.999989751,
];

/** How often a case turns up whose chance came out as this, from 0 to 1. */
function poisson(chance: number): number {
  let times = 0;
  while (times < chances.length && chance >= chances[times]) times++;
  return times;
}

/**
 * Column means of `figures` [cases, columns] over resamples of the cases, [resamples, columns]. Every column of
 * a resample is over the same cases, so that differences of columns are paired. Each case is drawn a Poisson
 * number of times (Hanley and MacGibbon 2006), which for many cases is the bootstrap and needs no shuffling. Cases
 * that have something in common are drawn as a whole (the cluster bootstrap): taken one by one they would promise
 * more than they know. Cost: resamples · cases · columns.
 */
export function bootstrapMeans(
  figures: Float64Array,
  columns: number,
  options: Partial<BootstrapOptions> = {},
): Float64Array {
  const { resamples, seed, clusters } = withDefaults(bootstrapDefaults, options);
  const cases = columns === 0 ? 0 : figures.length / columns;
  const means = new Float64Array(resamples * columns);
  if (cases === 0) return means;
  const sums = new Float64Array(columns);
  const times = new Uint8Array(clusters ? clusters.reduce((most, each) => Math.max(most, each + 1), 0) : cases);
  for (let r = 0; r < resamples; r++) {
    const stream = random(seed, r);
    let drawn = 0;
    // Few cases may all be drawn no times, which is no resample.
    while (drawn === 0) {
      for (let cluster = 0; cluster < times.length; cluster++) times[cluster] = poisson(stream.float());
      for (let i = 0; i < cases; i++) drawn += times[clusters ? clusters[i] : i];
    }
    sums.fill(0);
    for (let i = 0; i < cases; i++) {
      const often = times[clusters ? clusters[i] : i];
      if (often === 0) continue;
      for (let c = 0, at = i * columns; c < columns; c++, at++) sums[c] += often * figures[at];
    }
    for (let c = 0; c < columns; c++) means[r * columns + c] = sums[c] / drawn;
  }
  return means;
}

/** The values below and above which 2.5% of `values` lie. */
export function interval95(values: Float64Array): [low: number, high: number] {
  const sorted = values.toSorted();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return [at(0.025), at(0.975)];
}

/**
 * Two-sided achieved significance of a difference that was resampled: twice the share of resamples on the far
 * side of 0, never below what so many resamples can tell. With `tails`, which takes many cases, the normal distribution
 * of the resamples' mean and deviation tells on where none of them lies there.
 */
export function achievedSignificance(differences: Float64Array, tails = false): number {
  const below = differences.reduce((count, value) => count + (value <= 0 ? 1 : 0), 0);
  const above = differences.reduce((count, value) => count + (value >= 0 ? 1 : 0), 0);
  const far = Math.min(below, above);
  const counted = Math.min(1, (2 * (far + 1)) / (differences.length + 1));
  return tails && far === 0 ? Math.min(counted, normalTails(differences)) : counted;
}

/** Chance that a normal value lies as far from its mean as 0 does, on either side: at most, by Mills' bound. */
function normalTails(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const z = Math.abs(mean) / deviation;
  return (2 * Math.exp((-z * z) / 2)) / (z * Math.sqrt(2 * Math.PI));
}

/** Holm's step-down correction: p-values of one family, adjusted, in the order given. */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const adjusted = new Array<number>(values.length);
  let greatest = 0;
  order.forEach((index, place) => {
    greatest = Math.max(greatest, Math.min(1, (values.length - place) * values[index]));
    adjusted[index] = greatest;
  });
  return adjusted;
}
