/** Pearson's statistic of counts against expected counts, with its degrees of freedom. */
export function chiSquare(observed: readonly number[], expected: readonly number[]): { statistic: number; df: number } {
  let statistic = 0;
  let cells = 0;
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === 0) {
      if (observed[i] > 0) return { statistic: Infinity, df: 1 };
      continue;
    }
    statistic += (observed[i] - expected[i]) ** 2 / expected[i];
    cells++;
  }
  return { statistic, df: cells - 1 };
}

/** The value that chance exceeds once in 10,000 tests (Wilson and Hilferty's approximation). */
export function chiSquareBound(df: number): number {
  const normalQuantile = 3.719;
  const spread = 2 / (9 * df);
  return df * (1 - spread + normalQuantile * Math.sqrt(spread)) ** 3;
}
