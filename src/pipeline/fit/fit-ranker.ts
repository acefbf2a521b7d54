import type { CandidateSource } from '../../candidates/candidate-source.js';
import type { EmbeddingTable } from '../../embedding/table.js';
import type { Graph } from '../../graph/graph.js';
import { type Progress, silentProgress } from '../../progress.js';
import { calibrate } from '../../ranking/calibration.js';
import { collectExamples, type JudgedQuery, type RankingExamples } from '../../ranking/examples.js';
import { FeatureExtractor } from '../../ranking/features.js';
import { fitPinnability } from '../../ranking/fit-pinnability.js';
import type { PinnabilityModel } from '../../ranking/pinnability.js';
import type { JudgedParts } from '../holdout/judged-queries.js';
import { shortQueries } from '../holdout/short-queries.js';
import type { TrainSpec } from '../spec/train-spec.js';
import { type RankerReport, reportRanker } from './report-ranker.js';

export interface FitRankerInput {
  /** Without the hidden edges. */
  readonly graph: Graph;
  readonly table: EmbeddingTable;
  /** Fitted to `graph`. */
  readonly sources: readonly CandidateSource[];
  readonly judged: JudgedParts;
  readonly spec: TrainSpec;
  readonly seed: number;
  readonly progress?: Progress;
}

export interface FittedRanker {
  readonly ranker: PinnabilityModel;
  readonly report: RankerReport;
}

/**
 * Fits Pinnability on most of the validation boards, its calibration on a part that the weights have not
 * seen, some of either asking with a part of their pins too, and reports on the rest, which neither has seen.
 */
export function fitRanker({
  graph,
  table,
  sources,
  judged,
  spec,
  seed,
  progress = silentProgress,
}: FitRankerInput): FittedRanker {
  const extractor = new FeatureExtractor(
    graph,
    table,
    sources.map(({ name }) => name),
  );
  const { candidatesPerSource } = spec;
  const options = { candidatesPerSource, negatives: spec.ranker.negatives, seed, progress };
  const { loss, l2, iterations, hidden } = spec.ranker;
  const examplesOf = (queries: readonly JudgedQuery[]): RankingExamples =>
    collectExamples([...queries, ...shortQueries(queries, seed)], sources, extractor, options);
  const fitted = fitPinnability(examplesOf(judged.fit), { loss, l2, iterations, hidden, seed });
  const ranker = calibrate(fitted, examplesOf(judged.calibrate), progress);
  return {
    ranker,
    report: reportRanker(judged.report, { sources, extractor, ranker, candidatesPerSource, progress }),
  };
}
