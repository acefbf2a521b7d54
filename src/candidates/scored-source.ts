import type { CandidateQuery, CandidateSource, SourceName } from './candidate-source.js';
import { topPins } from './top-pins.js';

/** What a source has to say: a score for every pin. The rest of a candidate source follows from it. */
export interface Scorer {
  readonly name: SourceName;
  readonly pinCount: number;
  /** Pins at or below it are not retrieved; 0 unless told, for then 0 means "knows nothing". */
  readonly floor?: number;
  /** Fills a column that comes zeroed. */
  fill(query: CandidateQuery, scores: Float32Array): void;
  /** Fills the zeroed columns of several queries at once, where that is cheaper. */
  fillBlock?(queries: readonly CandidateQuery[], columns: readonly Float32Array[]): void;
}

/**
 * A candidate source over a score column. The column of the query at hand is kept, so `score` after
 * `retrieve` of the same query object costs a look-up.
 */
export function scoredSource(scorer: Scorer): CandidateSource {
  const { name, pinCount, floor = 0 } = scorer;
  const spare: Float32Array[] = [];
  let columns = new Map<CandidateQuery, Float32Array>();

  const release = (): void => {
    spare.push(...columns.values());
    columns = new Map();
  };
  const blank = (): Float32Array => spare.pop()?.fill(0) ?? new Float32Array(pinCount);
  const columnOf = (query: CandidateQuery): Float32Array => {
    const known = columns.get(query);
    if (known) return known;
    release();
    const column = blank();
    scorer.fill(query, column);
    columns.set(query, column);
    return column;
  };

  return {
    name,
    retrieve(query, limit) {
      const column = columnOf(query);
      const own = pick(column, query.pins);
      for (const pin of query.pins) column[pin] = Number.NEGATIVE_INFINITY;
      const best = topPins(column, limit, floor);
      // Backwards, so that a pin listed twice gets its true score back.
      for (let i = own.length - 1; i >= 0; i--) column[query.pins[i]] = own[i];
      return best;
    },
    score: (query, pins) => pick(columnOf(query), pins),
    prepare(queries) {
      release();
      const block = queries.map(blank);
      if (scorer.fillBlock) scorer.fillBlock(queries, block);
      else queries.forEach((query, i) => scorer.fill(query, block[i]));
      queries.forEach((query, i) => columns.set(query, block[i]));
    },
  };
}

/** A loop, for `Float32Array.from` with a function takes ten times as long. */
function pick(column: Float32Array, pins: Uint32Array): Float32Array {
  const picked = new Float32Array(pins.length);
  for (let i = 0; i < pins.length; i++) picked[i] = column[pins[i]];
  return picked;
}
