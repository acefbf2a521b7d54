import { unitRows } from '../linear/unit-rows.js';
import { lengthOf } from '../linear/vector-length.js';
import { alignment, turned } from '../linear/alignment.js';
import type { Rows } from '../linear/rows.js';
import { type EmbeddingTable, vectorOf } from './table.js';

/** How far a table lies from the one before it, over the pins that both hold. */
export interface Drift {
  readonly previous_model_id: string;
  readonly previous_graph_id: string;
  readonly common_pins: number;
  readonly new_pins: number;
  readonly lost_pins: number;
  /** Common pins with a vector of zeros, which says nothing, in either table; no figure below counts them. */
  readonly zero_pins: number;
  /** Mean cosine between a pin's two vectors; null where no pin is left to compare or the dimensions differ. */
  readonly mean_cosine: number | null;
  /** Share of common pins whose cosine is below `movedBelow`. */
  readonly moved_share: number | null;
  /** Shares of the pins, and the cosine that so many lie below. */
  readonly cosine_quantiles: Readonly<Record<string, number>> | null;
  /** Mean cosine after the new vectors are turned as a whole, which changes no list, to where they fit best. */
  readonly aligned_mean_cosine: number | null;
  /** Shares of the pins, and the new length of a vector over the old that so many lie below. */
  readonly length_ratio_quantiles: Readonly<Record<string, number>> | null;
  /**
   * Share of a pin's ten nearest pins, each time by the table's metric, that stay among its ten nearest. Pins whose ten
   * nearest are anyone's choice, for others are as near as the tenth, are not judged; null where none is left.
   */
  readonly neighbour_overlap: number | null;
}

/** A pin has moved where its vector turned by more than about 26 degrees. */
export const movedBelow = 0.9;

const quantiles = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9];
/** Common pins, evenly spread, on which alignment and neighbours are judged, and those whose neighbours are. */
const sampledPins = 20_000;
/** Values of the sampled vectors at most, so that long ones do not take minutes. */
const sampledValues = 5_000_000;
const judgedPins = 300;
const neighbours = 10;

/** Compares a table with its predecessor. Tables of separately trained models differ freely: expect 0. */
export function driftBetween(previous: EmbeddingTable, next: EmbeddingTable): Drift {
  const rows = new Map(previous.pinIds.map((id, row) => [id, row]));
  const common: { before: number; after: number }[] = [];
  next.pinIds.forEach((id, after) => {
    const before = rows.get(id);
    if (before !== undefined) common.push({ before, after });
  });
  const placed = common.filter(
    ({ before, after }) => hasLength(vectorOf(previous, before)) && hasLength(vectorOf(next, after)),
  );
  const comparable = previous.dimension === next.dimension && placed.length > 0;
  const figures = comparable ? movement(previous, next, placed) : unknown;
  return {
    previous_model_id: previous.modelId,
    previous_graph_id: previous.graphId,
    common_pins: common.length,
    new_pins: next.pinIds.length - common.length,
    lost_pins: previous.pinIds.length - common.length,
    zero_pins: common.length - placed.length,
    ...figures,
  };
}

/** A drift as a line for people. */
export function driftText(drift: Drift): string {
  const { new_pins, lost_pins, zero_pins, mean_cosine, aligned_mean_cosine, neighbour_overlap } = drift;
  const zeros = zero_pins > 0 ? `, ${zero_pins} with a vector of zeros` : '';
  const pins = `Against the vectors before: ${new_pins} new pins, ${lost_pins} gone${zeros}`;
  if (mean_cosine === null) return `${pins}; the others cannot be compared.`;
  const [half, most] = [0.5, 0.9].map((share) => drift.length_ratio_quantiles?.[share]?.toFixed(2));
  const lengths = half === undefined ? '' : `lengths times ${half} at the median, ${most} at the 90th percentile; `;
  return (
    `${pins}; mean cosine ${mean_cosine.toFixed(3)}, ${aligned_mean_cosine?.toFixed(3)} after alignment; ${lengths}` +
    `${nearestText(neighbour_overlap)}; ${percent(drift.moved_share ?? 0)} of the pins moved.`
  );
}

function nearestText(overlap: number | null): string {
  return overlap === null
    ? 'no ten nearest to be told from the rest'
    : `${percent(overlap)} of a pin's ten nearest kept`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

type Movement = Omit<
  Drift,
  'previous_model_id' | 'previous_graph_id' | 'common_pins' | 'new_pins' | 'lost_pins' | 'zero_pins'
>;

const unknown: Movement = {
  mean_cosine: null,
  moved_share: null,
  cosine_quantiles: null,
  aligned_mean_cosine: null,
  length_ratio_quantiles: null,
  neighbour_overlap: null,
};

function movement(
  previous: EmbeddingTable,
  next: EmbeddingTable,
  common: readonly { before: number; after: number }[],
): Movement {
  const cosines = new Float64Array(common.length);
  const lengths = new Float64Array(common.length);
  common.forEach(({ before, after }, i) => {
    const [from, to] = [vectorOf(previous, before), vectorOf(next, after)];
    cosines[i] = cosine(from, to);
    lengths[i] = lengthOf(to, 0, to.length) / lengthOf(from, 0, from.length);
  });
  const every = Math.ceil(common.length / Math.min(sampledPins, sampledValues / next.dimension));
  const sample = common.filter((_, i) => i % every === 0);
  const old = rowsOf(
    previous,
    sample.map(({ before }) => before),
  );
  const fresh = rowsOf(
    next,
    sample.map(({ after }) => after),
  );
  const [oldUnits, freshUnits] = [units(old), units(fresh)];
  const judged = (table: EmbeddingTable, rows: Rows, unit: Rows): Rows => (table.metric === 'cosine' ? unit : rows);
  return {
    mean_cosine: mean(cosines),
    moved_share: mean(cosines.map((each) => Number(each < movedBelow))),
    cosine_quantiles: quantilesOf(cosines),
    aligned_mean_cosine: mean(rowDots(turned(freshUnits, alignment(freshUnits, oldUnits)), oldUnits)),
    length_ratio_quantiles: quantilesOf(lengths),
    neighbour_overlap: neighbourOverlap(judged(previous, old, oldUnits), judged(next, fresh, freshUnits)),
  };
}

function quantilesOf(values: Float64Array): Record<string, number> {
  const sorted = values.slice().sort();
  return Object.fromEntries(quantiles.map((share) => [String(share), sorted[Math.floor(share * (sorted.length - 1))]]));
}

function hasLength(vector: Float32Array): boolean {
  return vector.some((value) => value !== 0);
}

function mean(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    left += a[i] * a[i];
    right += b[i] * b[i];
  }
  return product / Math.sqrt(left * right);
}

function rowsOf(table: EmbeddingTable, pins: readonly number[]): Rows {
  const { dimension: width } = table;
  const values = new Float32Array(pins.length * width);
  pins.forEach((pin, row) => values.set(vectorOf(table, pin), row * width));
  return { width, values };
}

function units({ width, values }: Rows): Rows {
  return { width, values: unitRows(values, width) };
}

function rowDots(a: Rows, b: Rows): Float64Array {
  return Float64Array.from({ length: a.values.length / a.width }, (_, row) => inner(a, row, b, row));
}

function inner(a: Rows, left: number, b: Rows, right: number): number {
  const [from, to] = [left * a.width, right * b.width];
  let total = 0;
  for (let i = 0; i < a.width; i++) total += a.values[from + i] * b.values[to + i];
  return total;
}

function neighbourOverlap(old: Rows, fresh: Rows): number | null {
  const pins = old.values.length / old.width;
  const size = Math.min(neighbours, pins - 1);
  if (size < 1) return null;
  const every = Math.ceil(pins / judgedPins);
  const shares: number[] = [];
  for (let pin = 0; pin < pins; pin += every) {
    const [before, after] = [nearest(old, pin, size), nearest(fresh, pin, size)];
    if (before && after) shares.push(after.filter((other) => before.includes(other)).length / size);
  }
  return shares.length > 0 ? mean(Float64Array.from(shares)) : null;
}

/** A row's nearest others by inner product; undefined where the next one is as near as the last of them. */
function nearest(rows: Rows, pin: number, size: number): number[] | undefined {
  const best: { row: number; score: number }[] = [];
  for (let row = 0; row < rows.values.length / rows.width; row++) {
    if (row === pin) continue;
    const score = inner(rows, pin, rows, row);
    if (best.length > size && score <= best[size].score) continue;
    let at = best.length;
    while (at > 0 && best[at - 1].score < score) at--;
    best.splice(at, 0, { row, score });
    if (best.length > size + 1) best.pop();
  }
  if (best.length > size && best[size].score === best[size - 1].score) return undefined;
  return best.slice(0, size).map(({ row }) => row);
}
