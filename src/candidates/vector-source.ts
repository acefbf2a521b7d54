import type { NearestNeighbours } from '../ann/nearest-neighbours.js';
import { unitNetworks } from '../embedding/side-by-side.js';
import { productWith, rowCount, rowOf, type Vectors } from '../embedding/vectors.js';
import { degreePowers } from '../graph/graph.js';
import { matrix, type Matrix, multiplierBy } from '../linear/dense-matrix.js';
import { withDefaults } from '../with-defaults.js';
import type { CandidateQuery, CandidateSource, ScoredPins, SourceName } from './candidate-source.js';
import { evenSpread } from './even-spread.js';
import { scoredSource } from './scored-source.js';
import { topListed } from './top-pins.js';

/** Pin vectors [pins, dimension] in the order of the graph's pins. An embedding table is one. */
export interface PinVectors {
  readonly dimension: number;
  readonly vectors: Vectors;
  /** The columns of each network, where several stand side by side and are to count alike. */
  readonly networks?: readonly number[];
}

export interface VectorSourceOptions {
  /**
   * How a query of several pins becomes one score: by the likeness to their mean vector, or by the
   * mean likeness to the pins that the candidate is nearest to.
   */
  pooling: 'mean' | 'nearest';
  /** Query pins averaged under `nearest`. */
  nearest: number;
  /** Query pins looked at under `nearest`, an even spread where there are more; each costs a scan. */
  maxQueryPins: number;
  /**
   * Added to the likeness of pins without boards: training meets fewer of them than a catalogue holds, so
   * their vectors lie further from every query. Chosen on hidden edges.
   */
  coldBonus: number;
  /**
   * Likeness is multiplied by the number of the pin's boards, 1 where it has none, to this power: training meets the
   * pins of large boards less often than people save them, and vectors of equal length say nothing of popularity at
   * all. Chosen on hidden edges.
   */
  popularity: number;
  /**
   * Under `mean`, a query's pin weighs the number of its boards to minus this power: what is on many boards tells
   * little of any one. GF-CF and LightGCN divide by its square root. Chosen on hidden edges.
   */
  damping: number;
}

export const vectorSourceDefaults: VectorSourceOptions = {
  pooling: 'mean',
  nearest: 3,
  maxQueryPins: 50,
  coldBonus: 0,
  popularity: 0,
  damping: 0,
};

/** Pins asked of an index for each that is wanted, where popularity puts them into another order. */
const overFetch = 4;

/** What the likeness of vectors is found by, beside them. */
export interface VectorSourceContext {
  /** [pins] the numbers of their boards; without them nothing is raised or damped. */
  readonly degrees?: Uint32Array;
  /** Over the same vectors; they are scanned exactly without one. */
  readonly index?: NearestNeighbours;
  /** Whose vectors they are; PinSage's unless told. */
  readonly name?: 'pinsage' | 'pintext' | 'mapped';
}

/**
 * Pins by the likeness of their embeddings to the query's: an exact scan, or an index where one is given. An
 * index knows no bonus, so with one the scan serves; popularity reorders what an index finds. A query without pins,
 * or whose pins have no vector, is like nothing.
 */
export function vectorSource(
  table: PinVectors,
  options: Partial<VectorSourceOptions> = {},
  { degrees, index, name = 'pinsage' }: VectorSourceContext = {},
): CandidateSource {
  const settings = withDefaults(vectorSourceDefaults, options);
  const raising = raisingOf(settings, table, degrees);
  const pointsOf = queryPoints(table, settings, degrees);
  const exact = exactSource(name, table, settings, raising, pointsOf);
  return index && raising.cold.length === 0
    ? { ...exact, ...indexed(table, settings, raising, pointsOf, index) }
    : exact;
}

/** What is done to likeness before pins are compared. */
export interface Raising {
  /** One a pin; none where all are 1. */
  readonly factors: Float32Array | undefined;
  /** Pins that the bonus is added for: those without boards, if they have a vector. */
  readonly cold: readonly number[];
  readonly bonus: number;
}

export function raisingOf(
  { popularity, coldBonus }: Pick<VectorSourceOptions, 'popularity' | 'coldBonus'>,
  { dimension, vectors }: PinVectors,
  degrees: Uint32Array | undefined,
): Raising {
  const hasVector = (pin: number): boolean => productWith(vectors, dimension, rowOf(vectors, dimension, pin))(pin) > 0;
  return {
    factors: degrees && popularity !== 0 ? degreePowers(degrees, popularity) : undefined,
    cold: degrees && coldBonus !== 0 ? [...degrees.keys()].filter((pin) => degrees[pin] === 0 && hasVector(pin)) : [],
    bonus: coldBonus,
  };
}

/** Makes likeness of all pins to what they are compared by, in place. */
export function raise(scores: Float32Array, { factors, cold, bonus }: Raising): void {
  if (factors) for (let pin = 0; pin < scores.length; pin++) scores[pin] *= factors[pin];
  for (const pin of cold) scores[pin] += bonus;
}

function exactSource(
  name: SourceName,
  { dimension, vectors }: PinVectors,
  settings: VectorSourceOptions,
  raising: Raising,
  pointsOf: QueryPoints,
): CandidateSource {
  const pinCount = rowCount(vectors, dimension);
  const byPins = productsWithPins({ dimension, vectors }, pinCount);
  const fill = (query: CandidateQuery, scores: Float32Array): void => {
    const points = pointsOf(query);
    if (isNowhere(points.values)) return void scores.fill(Number.NEGATIVE_INFINITY);
    meanOfLargest(byPins(points).values, points.rows, settings.nearest, scores);
    raise(scores, raising);
  };
  const fillMeans = (queries: readonly CandidateQuery[], columns: readonly Float32Array[]): void => {
    const means = matrix(queries.length, dimension);
    queries.forEach((query, q) => means.values.set(pointsOf(query).values, q * dimension));
    const products = byPins(means).values;
    columns.forEach((column, q) => {
      if (isNowhere(means.values.subarray(q * dimension, (q + 1) * dimension)))
        return void column.fill(Number.NEGATIVE_INFINITY);
      column.set(products.subarray(q * pinCount, (q + 1) * pinCount));
      raise(column, raising);
    });
  };
  const source = scoredSource({
    name,
    pinCount,
    floor: Number.NEGATIVE_INFINITY,
    fill,
    fillBlock: settings.pooling === 'mean' ? fillMeans : undefined,
  });
  return {
    ...source,
    // What is like nothing has a column of minus infinity, so that nothing is retrieved for it.
    score: (query, pins) => source.score(query, pins).map((score) => (score === Number.NEGATIVE_INFINITY ? 0 : score)),
  };
}

/** Gives the inner products of points with every pin, [points, pins]; packed vectors are multiplied as they lie. */
function productsWithPins({ dimension, vectors }: PinVectors, pinCount: number): (points: Matrix) => Matrix {
  if (vectors instanceof Float32Array) return multiplierBy(matrix(pinCount, dimension, vectors));
  return ({ rows, values }) => {
    const products = matrix(rows, pinCount);
    for (let r = 0; r < rows; r++) {
      const product = productWith(vectors, dimension, values.subarray(r * dimension, (r + 1) * dimension));
      for (let pin = 0; pin < pinCount; pin++) products.values[r * pinCount + pin] = product(pin);
    }
    return products;
  };
}

/** Scores of given pins on the scale of `vectorSource`: of a few of them cheaper than its scan of all. */
type VectorScorer = (query: CandidateQuery, pins: Uint32Array) => Float32Array;

/** A scorer of pins one by one, by the number of each pin's boards where `degrees` has it. */
export function vectorScorer(
  table: PinVectors,
  options: Partial<VectorSourceOptions> = {},
  degrees?: Uint32Array,
): VectorScorer {
  const settings = withDefaults(vectorSourceDefaults, options);
  return scorerOf(table, settings, raisingOf(settings, table, degrees), queryPoints(table, settings, degrees));
}

function scorerOf(
  { dimension, vectors }: PinVectors,
  { nearest }: VectorSourceOptions,
  { factors, cold, bonus }: Raising,
  pointsOf: QueryPoints,
): VectorScorer {
  const isCold = new Set(cold);
  return (query, pins) => {
    const scores = new Float32Array(pins.length);
    const points = pointsOf(query);
    if (isNowhere(points.values)) return scores;
    const products = new Float32Array(points.rows * pins.length);
    for (let r = 0; r < points.rows; r++) {
      const product = productWith(vectors, dimension, points.values.subarray(r * dimension, (r + 1) * dimension));
      for (let i = 0; i < pins.length; i++) products[r * pins.length + i] = product(pins[i]);
    }
    meanOfLargest(products, points.rows, nearest, scores);
    if (factors) pins.forEach((pin, i) => (scores[i] *= factors[pin]));
    if (isCold.size > 0) pins.forEach((pin, i) => (scores[i] += isCold.has(pin) ? bonus : 0));
    return scores;
  };
}

/** Retrieval through an index; scores come from the vectors themselves, so they agree with the exact scan. */
function indexed(
  table: PinVectors,
  settings: VectorSourceOptions,
  raising: Raising,
  pointsOf: QueryPoints,
  index: NearestNeighbours,
) {
  const score = scorerOf(table, settings, raising, pointsOf);
  return {
    score,
    retrieve(query: CandidateQuery, limit: number): ScoredPins {
      const points = pointsOf(query);
      // Of what is like nothing, an index finds whatever it meets first.
      if (isNowhere(points.values)) return topListed(new Uint32Array(0), new Float32Array(0), limit);
      const own = new Set(query.pins);
      const found = new Set<number>();
      // The query's own pins lie nearest of all; the search reaches past them.
      const reach = Math.min(index.size, (raising.factors ? overFetch : 1) * limit + query.pins.length);
      for (let r = 0; r < points.rows; r++) {
        const point = points.values.subarray(r * table.dimension, (r + 1) * table.dimension);
        for (const pin of index.search(point, reach).rows) if (!own.has(pin)) found.add(pin);
      }
      const pins = Uint32Array.from(found);
      return topListed(pins, score(query, pins), limit);
    },
    prepare: () => {},
  };
}

/** Whether a query has no place: it has no pins, or none with a vector. */
function isNowhere(points: Float32Array): boolean {
  return points.every((value) => value === 0);
}

/** The points in embedding space that stand for a query: its mean, or its pins one by one. */
type QueryPoints = (query: CandidateQuery) => Matrix;

function queryPoints(
  { dimension, vectors, networks = [dimension] }: PinVectors,
  { pooling, maxQueryPins, damping }: VectorSourceOptions,
  degrees: Uint32Array | undefined,
): QueryPoints {
  if (pooling === 'nearest')
    return (query) => {
      const pins = evenSpread(query.pins, maxQueryPins);
      const points = matrix(pins.length, dimension);
      pins.forEach((pin, row) => points.values.set(rowOf(vectors, dimension, pin), row * dimension));
      return points;
    };
  const factors = degrees && damping !== 0 ? degreePowers(degrees, -damping) : undefined;
  return (query) => {
    const mean = matrix(1, dimension);
    query.pins.forEach((pin, q) => {
      const vector = rowOf(vectors, dimension, pin);
      const weight = query.weights[q] * (factors?.[pin] ?? 1);
      for (let d = 0; d < dimension; d++) mean.values[d] += weight * vector[d];
    });
    // Unit length keeps the scores of short and long queries comparable, and lets networks side by side count alike.
    unitNetworks(mean.values, networks);
    return mean;
  };
}

/** For each column of products [rows, n], the mean of its `count` largest. */
function meanOfLargest(products: Float32Array, rows: number, count: number, out: Float32Array): void {
  const n = out.length;
  if (rows === 1) return out.set(products.subarray(0, n));
  const kept = Math.min(count, rows);
  const largest = new Float32Array(kept);
  for (let i = 0; i < n; i++) {
    largest.fill(Number.NEGATIVE_INFINITY);
    for (let r = 0; r < rows; r++) {
      const value = products[r * n + i];
      if (value <= largest[kept - 1]) continue;
      let slot = kept - 1;
      while (slot > 0 && largest[slot - 1] < value) {
        largest[slot] = largest[slot - 1];
        slot--;
      }
      largest[slot] = value;
    }
    out[i] = largest.reduce((sum, value) => sum + value, 0) / kept;
  }
}
