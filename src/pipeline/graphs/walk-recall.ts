import { pixieSourceDefaults } from '../../candidates/pixie.js';
import { type EdgeList, pinsByBoard } from '../../graph/adjacency.js';
import { neighboursOf, type Topology } from '../../graph/graph.js';
import { hitRateAt, hitsOf, recallAt } from '../../metrics/ranking.js';
import { random, shuffle } from '../../random.js';
import { walkKernelFor } from '../../sampling/choose-kernel.js';

export interface WalkRecallOptions {
  /** Boards asked for, drawn from those with a hidden pin. */
  boards: number;
  ks: readonly number[];
  /** Two-hop steps of a query. */
  steps: number;
  seed: number;
}

export const walkRecallDefaults: WalkRecallOptions = {
  boards: 2_000,
  ks: [20, 100],
  steps: pixieSourceDefaults.steps,
  seed: 1,
};

/** What a board's walk is asked: its pins, and those to be found. */
export interface WalkQueries {
  readonly known: readonly Uint32Array[];
  readonly wanted: readonly ReadonlySet<number>[];
}

/** Each measure's value of every query: means are taken later, for differences are paired. */
export type WalkMeasures = Record<string, Float64Array>;

/** Draws the queries from hidden edges; what is known of a board are its pins in `visible`. */
export function walkQueries(visible: Topology, hidden: EdgeList, { boards, seed }: WalkRecallOptions): WalkQueries {
  const wanted = pinsByBoard(hidden);
  const drawn = shuffle([...wanted.keys()], random(seed, 1)).slice(0, boards);
  return {
    known: drawn.map((board) => neighboursOf(visible.boards, board).slice()),
    wanted: drawn.map((board) => new Set(wanted.get(board))),
  };
}

/** Pixie walks from each board's known pins over `walked`, which may have fewer edges than the board has pins. */
export function walkRecall(
  walked: Topology,
  { known, wanted }: WalkQueries,
  { ks, steps, seed }: WalkRecallOptions,
  onQuery: (done: number) => void = () => undefined,
): WalkMeasures {
  const kernel = walkKernelFor(walked);
  const measures: WalkMeasures = {};
  for (const k of ks)
    for (const name of [`recall@${k}`, `hit_rate@${k}`]) measures[name] = new Float64Array(known.length);
  for (const [query, pins] of known.entries()) {
    const weights = new Float32Array(pins.length).fill(1);
    const found = kernel.pixie(pins, weights, Math.max(...ks), { ...pixieSourceDefaults, steps, seed });
    const hits = hitsOf(found.pins, wanted[query]);
    for (const k of ks) {
      measures[`recall@${k}`][query] = recallAt(hits, wanted[query].size, k);
      measures[`hit_rate@${k}`][query] = hitRateAt(hits, k);
    }
    onQuery(query + 1);
  }
  return measures;
}

export interface Compared {
  before: number;
  after: number;
  /** Standard error of the mean difference, after − before, over the same queries. */
  error: number;
}

export function compareMeasures(before: WalkMeasures, after: WalkMeasures): Record<string, Compared> {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  return Object.fromEntries(
    Object.entries(before).map(([name, values]) => {
      const differences = values.map((value, query) => after[name][query] - value);
      const middle = mean(differences);
      const variance = mean(differences.map((difference) => (difference - middle) ** 2));
      const compared = {
        before: mean(values),
        after: mean(after[name]),
        error: Math.sqrt(variance / (values.length || 1)),
      };
      return [name, compared];
    }),
  );
}
