import { type CandidateQuery, type CandidateSource, preparedBlocks } from '../candidates/candidate-source.js';
import { type Progress, silentProgress } from '../progress.js';
import { random } from '../random.js';
import { gatherCandidates } from './candidate-set.js';
import type { FeatureExtractor } from './features.js';

/** A query whose answer is known: the pins that its board also holds, hidden from the graph that answers. */
export interface JudgedQuery {
  /** Names the random stream of its negatives, which those of a shorter query of the same board share. */
  readonly board: number;
  readonly query: CandidateQuery;
  readonly saved: ReadonlySet<number>;
  /** Pins of the board that the query lacks although the graph that answers has them: they teach nothing. */
  readonly cut?: ReadonlySet<number>;
}

/** Labelled candidates, query by query. */
export interface RankingExamples {
  readonly names: readonly string[];
  /** [rows, names.length] */
  readonly values: Float32Array;
  /** [rows] 1 where the pin was saved. */
  readonly labels: Uint8Array;
  /** [rows] candidates that a row stands for: 1, or 1 / w for negatives kept with probability w. */
  readonly weights: Float32Array;
  /** [queries + 1] rows of each query. */
  readonly offsets: Uint32Array;
}

export interface ExampleOptions {
  candidatesPerSource: number;
  /** Unsaved candidates kept for each query, drawn evenly from all of them. */
  negatives: number;
  seed: number;
  progress?: Progress;
}

/**
 * Positives are the hidden pins that some source proposes. Negatives are other candidates of the same query,
 * drawn evenly: what the ranker must tell apart in use, and harder than pins drawn from the whole catalogue.
 */
export function collectExamples(
  judged: readonly JudgedQuery[],
  sources: readonly CandidateSource[],
  extractor: FeatureExtractor,
  { candidatesPerSource, negatives, seed, progress = silentProgress }: ExampleOptions,
): RankingExamples {
  const width = extractor.names.length;
  const values: Float32Array[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  const offsets = [0];
  const stage = progress.stage('ranking examples', judged.length);
  let done = 0;
  for (const block of preparedBlocks(judged, sources)) {
    for (const { board, query, saved, cut } of block) {
      const set = gatherCandidates(sources, query, candidatesPerSource);
      const features = extractor.extract(set);
      const unsaved = set.pins.reduce((count, pin) => count + (saved.has(pin) || cut?.has(pin) ? 0 : 1), 0);
      const rate = Math.min(1, negatives / Math.max(1, unsaved));
      const stream = random(seed, board);
      set.pins.forEach((pin, row) => {
        if (cut?.has(pin)) return;
        const positive = saved.has(pin);
        if (!positive && stream.float() >= rate) return;
        values.push(features.values.slice(row * width, (row + 1) * width));
        labels.push(positive ? 1 : 0);
        weights.push(positive ? 1 : 1 / rate);
      });
      offsets.push(labels.length);
    }
    stage.update((done += block.length));
  }
  stage.finish(`${labels.length.toLocaleString('en-US')} rows`);
  const joined = new Float32Array(labels.length * width);
  values.forEach((row, i) => joined.set(row, i * width));
  return {
    names: extractor.names,
    values: joined,
    labels: Uint8Array.from(labels),
    weights: Float32Array.from(weights),
    offsets: Uint32Array.from(offsets),
  };
}
