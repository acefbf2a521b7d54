import { type CandidateQuery, queriesAtOnce, type ScoredPins } from '../candidates/candidate-source.js';
import { type FittedSource, openSource } from '../candidates/fitted-source.js';
import type { PinVectors } from '../candidates/vector-source.js';
import { BoardwalkError } from '../errors.js';
import type { Topology } from '../graph/graph.js';
import { type Cases, caseAt } from './cases.js';
import { depthOf, judge, type Measures, measureNames } from './judge.js';
import { fullRanking, type Method, methodOf, type RankBlock } from './method.js';

/** What measuring needs; everything but the recommender itself can be handed to a worker as it is. */
export interface MeasureParts {
  readonly topology: Topology;
  readonly cases: Cases;
  readonly measures: Measures;
  /** The pins that are ranked, ascending; all where left out. */
  readonly catalogue?: Uint32Array;
  readonly fitted: readonly FittedSource[];
  readonly table?: PinVectors;
  /** Where a worker opens the recommender from. */
  readonly directories?: { readonly graph: string; readonly model: string };
}

/** A run of cases for one method. */
export interface MeasureTask {
  readonly method: string;
  readonly from: number;
  readonly to: number;
}

export interface MeasuredBlock {
  /** [cases, measures] in the order of `measureNames`. */
  readonly figures: Float64Array;
  /** [cases, largest k] the pins shown, for exposure; a short list ends in `noPin`. */
  readonly shown: Uint32Array;
}

/** Stands where a list has no pin: beyond every dense index. */
export const noPin = 0xffffffff;

/** Measures runs of cases. `recommender` is opened at the first task that asks for it. */
export function measurer(
  { topology, cases, measures, catalogue, fitted, table }: MeasureParts,
  recommender?: () => Promise<Method>,
): (task: MeasureTask) => Promise<MeasuredBlock> {
  const pinCount = catalogue?.length ?? topology.pins.offsets.length - 1;
  const depth = depthOf(measures);
  const width = measureNames(measures).length;
  const cut = Math.min(pinCount, Math.max(...measures.ks));
  let current: { method: string; rank: RankBlock } | undefined;

  // One method at a time: a fitted source may hold much scratch memory.
  const open = async (method: string): Promise<RankBlock> => {
    if (current?.method === method) return current.rank;
    const source = fitted.find(({ name }) => name === method);
    if (!source && !(method === 'recommender' && recommender))
      throw new BoardwalkError('bad_option', `The method "${method}" was not prepared.`, { field: 'methods' });
    const opened = source ? methodOf(openSource(source, { topology, table })) : await recommender!();
    current = { method, rank: fullRanking(opened, topology, catalogue) };
    return current.rank;
  };

  return async ({ method, from, to }) => {
    const rank = await open(method);
    const figures = new Float64Array((to - from) * width);
    const shown = new Uint32Array((to - from) * cut).fill(noPin);
    for (let first = from; first < to; first += queriesAtOnce) {
      const block = Array.from({ length: Math.min(queriesAtOnce, to - first) }, (_, i) => caseAt(cases, first + i));
      const ranked = rank(
        block.map(({ query }) => query),
        depth,
      );
      ranked.forEach(({ pins }, i) => {
        const row = first - from + i;
        figures.set(judge(pins, block[i], measures, pinCount), row * width);
        shown.set(pins.subarray(0, cut), row * cut);
      });
    }
    return { figures, shown };
  };
}

/** The recommender, seen as a method among others. */
export function recommenderMethod(recommender: {
  rankForQuery(query: CandidateQuery, limit: number): ScoredPins;
  rankAmong(query: CandidateQuery, among: Uint32Array, limit: number): ScoredPins;
  prepare?(queries: readonly CandidateQuery[]): void;
}): Method {
  return {
    name: 'recommender',
    rank: (query, limit, among) =>
      among ? recommender.rankAmong(query, among, limit) : recommender.rankForQuery(query, limit),
    prepare: (queries) => recommender.prepare?.(queries),
  };
}
