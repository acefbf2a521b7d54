import type { CandidateSource } from '../candidates/candidate-source.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { BoardwalkError } from '../errors.js';
import type { EdgeList } from '../graph/adjacency.js';
import type { Graph } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { calibrate } from '../ranking/calibration.js';
import { collectExamples } from '../ranking/examples.js';
import { FeatureExtractor } from '../ranking/features.js';
import { fitPinnability } from '../ranking/fit-pinnability.js';
import type { PinnabilityModel } from '../ranking/pinnability.js';
import { judgedQueries } from './judged-queries.js';
import { type RankerReport, reportRanker } from './report-ranker.js';
import type { TrainSpec } from './train-spec.js';

export interface FitRankerInput {
  /** Without the hidden edges. */
  readonly graph: Graph;
  readonly table: EmbeddingTable;
  /** Fitted to `graph`. */
  readonly sources: readonly CandidateSource[];
  readonly hidden: EdgeList;
  readonly spec: TrainSpec;
  readonly seed: number;
  readonly progress?: Progress;
}

export interface FittedRanker {
  readonly ranker: PinnabilityModel;
  readonly report: RankerReport;
}

const leastBoards = 10;

/**
 * Fits Pinnability on most of the validation boards, its calibration on a part that the weights have not
 * seen, and reports on the rest, which neither has seen.
 */
export function fitRanker({
  graph,
  table,
  sources,
  hidden,
  spec,
  seed,
  progress = silentProgress,
}: FitRankerInput): FittedRanker {
  const judged = judgedQueries(graph, hidden, spec.ranker.boards, seed);
  if (judged.length < leastBoards)
    throw new BoardwalkError(
      'bad_request',
      `Only ${judged.length} boards have at least ${spec.validation.minimumPins} pins; Pinnability needs ${leastBoards} to be fitted. Add boards, or lower validation.minimumPins in the spec.`,
    );
  const apart = Math.max(3, Math.min(1_000, Math.floor(judged.length / 6)));
  const extractor = new FeatureExtractor(
    graph,
    table,
    sources.map(({ name }) => name),
  );
  const options = { candidatesPerSource: spec.candidatesPerSource, negatives: spec.ranker.negatives, seed, progress };

  const examples = collectExamples(judged.slice(2 * apart), sources, extractor, options);
  const { loss, l2, iterations } = spec.ranker;
  const fitted = fitPinnability(examples, { loss, l2, iterations });

  const unseen = collectExamples(judged.slice(apart, 2 * apart), sources, extractor, options);
  const ranker = calibrate(fitted, unseen);
  const report = reportRanker(judged.slice(0, apart), sources, extractor, ranker, spec.candidatesPerSource, progress);
  return { ranker, report };
}
