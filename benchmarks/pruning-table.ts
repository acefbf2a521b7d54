import { pruneDefaults } from '../src/graph/prune.js';
import type { Compared } from '../src/pipeline/graphs/walk-recall.js';
import type { BenchmarkResult } from './machine.js';

/** One way of pruning: the share of the edges it keeps and what walks find over them. */
export interface PrunedRow {
  entropy: number;
  delta: number;
  edges: number;
  measures: Record<string, Compared>;
}

export interface PruningReport {
  /** Of the graph that is walked whole. */
  edges: number;
  ks: readonly number[];
  topics: { source: string; count: number };
  boards: number;
  steps: number;
  /** On a fifth of the training edges, hidden: nothing here was chosen on the test. */
  grid: PrunedRow[];
  /** The same caps, filled by chance and not by agreement. */
  chance: PrunedRow[];
  /** A few settings on the data set's own test, where it has one; the first are the defaults. */
  test: PrunedRow[];
}

const isDefault = (entropy: number, delta: number): boolean =>
  entropy === pruneDefaults.entropy && delta === pruneDefaults.delta;

/** What `--json` prints: recall by settings, and what the defaults keep of the whole graph's. */
export function figuresOf(sets: Record<string, PruningReport>): BenchmarkResult {
  const result: BenchmarkResult = { ratios: {}, figures: {} };
  for (const [set, { ks, test, grid, chance }] of Object.entries(sets)) {
    const standard = test[0] ?? (grid.find(({ entropy, delta }) => isDefault(entropy, delta)) as PrunedRow);
    for (const k of ks) {
      const { before, after } = standard.measures[`recall@${k}`];
      result.ratios[`${set}/pruned_vs_whole/recall@${k}`] = after / before;
    }
    for (const [how, rows] of Object.entries({ pruned: grid, chance }))
      for (const { entropy, delta, edges, measures } of rows)
        result.figures[`${set}/${how}/entropy ${entropy}/delta ${delta}`] = {
          edges,
          ...Object.fromEntries(Object.entries(measures).map(([name, { after }]) => [name, after])),
        };
  }
  return result;
}

/** For people. */
export function pruningTable(set: string, { ks, grid, chance, test, boards, steps, topics }: PruningReport): string {
  const line = (how: string, row: PrunedRow): string =>
    [
      how.padEnd(8),
      row.entropy.toFixed(2).padStart(7),
      row.delta.toFixed(2).padStart(6),
      `${(100 * row.edges).toFixed(1)}%`.padStart(7),
      ...ks.map((k) => {
        const { after, before, error } = row.measures[`recall@${k}`];
        return `  ${after.toFixed(4)} ${`${after < before ? '' : '+'}${(after - before).toFixed(4)}`} ± ${error.toFixed(4)}`;
      }),
    ].join(' ');
  const { before } = grid[0].measures['recall@20'];
  return [
    '',
    `${set}: ${topics.count} topics from ${topics.source}, ${boards} boards, ${steps} steps; whole graph recall@20 ${before.toFixed(4)}`,
    `by       entropy  delta   edges  ${ks.map((k) => `recall@${k}, difference`.padEnd(26)).join('')}`,
    ...grid.map((row) => line('topics', row)),
    ...chance.map((row) => line('chance', row)),
    ...test.map((row) => line('test', row)),
  ].join('\n');
}
