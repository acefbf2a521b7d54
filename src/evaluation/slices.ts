import { degree, type Graph } from '../graph/graph.js';
import type { Case } from './cases.js';

/** What cases are told apart by: how much a query knows, and how popular what it should find is. */
export const sliceKeys = ['known_pins', 'boards_of_test_pins'] as const;

export type SliceKey = (typeof sliceKeys)[number];

/** Cases alike in size or in the popularity of their test pins, and each method's means over them. */
export interface Slice {
  readonly by: SliceKey;
  /** Least and greatest value within. */
  readonly from: number;
  readonly to: number;
  readonly cases: number;
  readonly methods: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Slices of one key; equal values stay together, so there may be fewer. */
const most = 4;

/** Slices of the cases in about equal parts. `figures` has [cases, measures] of each method. */
export function slicesOf(
  graph: Graph,
  cases: readonly Case[],
  figures: ReadonlyMap<string, Float64Array>,
  measures: readonly string[],
): Slice[] {
  const { pins } = graph.topology;
  const values: Record<SliceKey, (one: Case) => number> = {
    known_pins: ({ query }) => query.length,
    boards_of_test_pins: ({ relevant }) =>
      relevant.length === 0 ? 0 : relevant.reduce((sum, pin) => sum + degree(pins, pin), 0) / relevant.length,
  };
  return sliceKeys.flatMap((by) => {
    const keys = Float64Array.from(cases, values[by]);
    const parts = quantileParts(keys, most);
    if (parts.length < 2) return [];
    return parts.map((rows) => ({
      by,
      from: keys[rows[0]],
      to: keys[rows[rows.length - 1]],
      cases: rows.length,
      methods: Object.fromEntries(
        Array.from(figures, ([method, all]) => [method, columnMeans(all, measures, rows)] as const),
      ),
    }));
  });
}

/** Indices in ascending order of their keys, cut into at most `parts` of about equal size between unequal keys. */
export function quantileParts(keys: Float64Array, parts: number): Uint32Array[] {
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b] || a - b);
  const cuts = [0];
  for (let part = 1; part < parts; part++) {
    let at = Math.round((part * order.length) / parts);
    while (at > 0 && at < order.length && keys[order[at]] === keys[order[at - 1]]) at++;
    if (at > cuts[cuts.length - 1] && at < order.length) cuts.push(at);
  }
  return order.length === 0 ? [] : cuts.map((from, i) => order.subarray(from, cuts[i + 1]));
}

function columnMeans(figures: Float64Array, names: readonly string[], rows: Uint32Array): Record<string, number> {
  return Object.fromEntries(
    names.map((name, m) => [name, rows.reduce((sum, row) => sum + figures[row * names.length + m], 0) / rows.length]),
  );
}
