import { type CandidateSource, preparedBlocks } from '../../candidates/candidate-source.js';
import { topListed } from '../../candidates/top-pins.js';
import { auc, expectedCalibrationError, logLoss } from '../../metrics/classification.js';
import { hitsOf, ndcgAt, recallAt } from '../../metrics/ranking.js';
import { type Progress, silentProgress } from '../../progress.js';
import { gatherCandidates } from '../../ranking/candidate-set.js';
import type { JudgedQuery } from '../../ranking/examples.js';
import type { FeatureExtractor } from '../../ranking/features.js';
import { type PinnabilityModel, probabilities } from '../../ranking/pinnability.js';

export interface RankerReport {
  /** Over every candidate of the boards, none left out. */
  readonly ranker: Readonly<Record<string, number>>;
  /**
   * Recall and NDCG at 20 over the catalogue, by method: the list of each source, with the settings that serve beside the
   * others (`evaluate` judges it with those that serve alone), and all of them ranked.
   */
  readonly methods: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A fitted ranker with what it reads. */
export interface ReportedRanker {
  readonly sources: readonly CandidateSource[];
  readonly extractor: FeatureExtractor;
  readonly ranker: PinnabilityModel;
  readonly candidatesPerSource: number;
  readonly progress?: Progress;
}

const cut = 20;

/**
 * What the ranker and the sources are worth on boards that neither was fitted to. The epoch that training stopped at and a
 * model's number of axes, bonus and damping were chosen on these boards too, among others: a few numbers, on thousands of
 * edges.
 */
export function reportRanker(
  judged: readonly JudgedQuery[],
  { sources, extractor, ranker, candidatesPerSource, progress = silentProgress }: ReportedRanker,
): RankerReport {
  const predicted: number[] = [];
  const labels: number[] = [];
  const totals = new Map<string, { recall: number; ndcg: number }>();
  const count = (method: string, list: Uint32Array, saved: ReadonlySet<number>): void => {
    const hits = hitsOf(list, saved);
    const total = totals.get(method) ?? { recall: 0, ndcg: 0 };
    total.recall += recallAt(hits, saved.size, cut);
    total.ndcg += ndcgAt(hits, saved.size, cut);
    totals.set(method, total);
  };
  let found = 0;
  let wanted = 0;
  const stage = progress.stage('checking the ranker', judged.length);
  let done = 0;
  for (const block of preparedBlocks(judged, sources)) {
    for (const { query, saved } of block) {
      const set = gatherCandidates(sources, query, candidatesPerSource);
      const chances = probabilities(ranker, extractor.extract(set));
      set.pins.forEach((pin, row) => {
        predicted.push(chances[row]);
        labels.push(saved.has(pin) ? 1 : 0);
        if (saved.has(pin)) found++;
      });
      wanted += saved.size;
      for (const source of sources) count(source.name, source.retrieve(query, cut).pins, saved);
      count('recommender', topListed(set.pins, Float32Array.from(chances), cut).pins, saved);
    }
    stage.update((done += block.length));
  }
  const methods = Object.fromEntries(
    [...totals].map(([method, { recall, ndcg }]) => [
      method,
      { [`recall@${cut}`]: recall / judged.length, [`ndcg@${cut}`]: ndcg / judged.length },
    ]),
  );
  const reached = methods.recommender[`recall@${cut}`];
  stage.finish(`recall@${cut} ${reached.toFixed(4)} on ${judged.length} validation boards`);
  return {
    methods,
    ranker: {
      boards: judged.length,
      candidates: predicted.length,
      candidate_recall: found / wanted,
      auc: auc(predicted, labels),
      log_loss: logLoss(predicted, labels),
      calibration_error: expectedCalibrationError(predicted, labels),
    },
  };
}
