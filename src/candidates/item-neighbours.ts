import { type Adjacency, degree, type Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { streamOf } from '../random.js';
import { sharedFloat32, sharedUint32 } from '../sampling/shared-arrays.js';
import type { CandidateSource, SourceName } from './candidate-source.js';
import { nthLargest } from './nth-largest.js';
import { scoredSource } from './scored-source.js';

/**
 * A sparse pin-to-pin matrix in compressed rows: what a pin of the query adds to the score of each of its
 * neighbours. The arrays lie in shared memory. Rows are ascending.
 */
export interface ItemNeighbours {
  /** [pins + 1]. */
  readonly offsets: Uint32Array;
  readonly neighbours: Uint32Array;
  readonly weights: Float32Array;
}

/**
 * What makes a row of the matrix. The entry (i, j) is s / (1 + shrink · s'), where s' = row(i) · column(j)
 * and s is s' times the sum of the shared boards' weights.
 */
export interface CoOccurrenceRule {
  /** Entries kept in a row: the largest, ties by dense index. */
  neighbours: number;
  /** What a shared board adds, by the number of its pins. */
  boardWeight(degree: number): number;
  /** The factor of the pin whose row it is, by the number of its boards. */
  rowFactor(degree: number): number;
  columnFactor(degree: number): number;
  shrink: number;
}

/** A board shows each of its pins so many of the others at most. */
export const mostShown = 4096;

/**
 * Every pin's strongest co-occurring pins. Cost: Σ over boards of its degree squared, or `mostShown` times its degree
 * where that is less: a longer board shows each pin an even sample, which weighs as much more as keeps expected sums.
 */
export function coOccurrences(
  { pins, boards }: Topology,
  rule: CoOccurrenceRule,
  progress: Progress = silentProgress,
): ItemNeighbours {
  const pinCount = pins.offsets.length - 1;
  const rowFactors = factors(pins, rule.rowFactor);
  const columnFactors = factors(pins, rule.columnFactor);
  const boardWeights = factors(boards, rule.boardWeight);
  const sums = new Float64Array(pinCount);
  const touched = new Uint32Array(pinCount);
  const values = new Float32Array(pinCount);
  const sample = new Uint32Array(mostShown);
  const rows: Uint32Array[] = [];
  const rowWeights: Float32Array[] = [];
  const offsets = sharedUint32(pinCount + 1);
  const stage = progress.stage('co-occurrences', pinCount);
  for (let pin = 0; pin < pinCount; pin++) {
    let count = 0;
    for (let e = pins.offsets[pin]; e < pins.offsets[pin + 1]; e++) {
      const board = pins.neighbours[e];
      let weight = boardWeights[board];
      let shown = boards.neighbours;
      let f = boards.offsets[board];
      let end = boards.offsets[board + 1];
      if (end - f > mostShown) {
        weight *= (end - f) / mostShown;
        drawEvenly(shown.subarray(f, end), streamOf(sampleStreams, pin, board) / 2 ** 32, sample);
        [shown, f, end] = [sample, 0, mostShown];
      }
      for (; f < end; f++) {
        const other = shown[f];
        if (sums[other] === 0) touched[count++] = other;
        sums[other] += weight;
      }
    }
    let kept = 0;
    for (let t = 0; t < count; t++) {
      const other = touched[t];
      if (other !== pin) {
        const factor = rowFactors[pin] * columnFactors[other];
        values[kept] = (sums[other] * factor) / (1 + rule.shrink * factor);
        touched[kept++] = other;
      }
      sums[other] = 0;
    }
    const row = largest(touched.subarray(0, kept), values.subarray(0, kept), rule.neighbours);
    rows.push(row.columns);
    rowWeights.push(row.values);
    offsets[pin + 1] = offsets[pin] + row.columns.length;
    if (pin % 1024 === 0) stage.update(pin);
  }
  const neighbours = sharedUint32(offsets[pinCount]);
  const weights = sharedFloat32(offsets[pinCount]);
  for (let pin = 0; pin < pinCount; pin++) {
    neighbours.set(rows[pin], offsets[pin]);
    weights.set(rowWeights[pin], offsets[pin]);
  }
  stage.finish();
  // Twice across is a counting sort of every row, cheaper than sorting them one by one.
  return transposeNeighbours(transposeNeighbours({ offsets, neighbours, weights }));
}

const sampleStreams = 0x636f;

/** Fills the sample at equal distances, from a share of the first of them on: all values have the same chance. */
function drawEvenly(values: Uint32Array, share: number, sample: Uint32Array): void {
  const distance = values.length / sample.length;
  for (let i = 0; i < sample.length; i++) sample[i] = values[Math.floor((i + share) * distance)];
}

function factors(adjacency: Adjacency, factor: (degree: number) => number): Float64Array {
  return Float64Array.from({ length: adjacency.offsets.length - 1 }, (_, i) =>
    factor(Math.max(1, degree(adjacency, i))),
  );
}

/** The `limit` largest entries, ties by column. */
function largest(
  columns: Uint32Array,
  values: Float32Array,
  limit: number,
): { columns: Uint32Array; values: Float32Array } {
  if (columns.length <= limit) return { columns: columns.slice(), values: values.slice() };
  const threshold = nthLargest(values.slice(), limit);
  const kept = { columns: new Uint32Array(limit), values: new Float32Array(limit).fill(threshold) };
  const tied: number[] = [];
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > threshold) {
      kept.columns[count] = columns[i];
      kept.values[count++] = values[i];
    } else if (values[i] === threshold) tied.push(columns[i]);
  }
  tied.sort((a, b) => a - b);
  kept.columns.set(tied.slice(0, limit - count), count);
  return kept;
}

/** The matrix with rows and columns exchanged. */
export function transposeNeighbours({ offsets, neighbours, weights }: ItemNeighbours): ItemNeighbours {
  const pinCount = offsets.length - 1;
  const flipped = {
    offsets: sharedUint32(pinCount + 1),
    neighbours: sharedUint32(neighbours.length),
    weights: sharedFloat32(neighbours.length),
  };
  for (const column of neighbours) flipped.offsets[column + 1]++;
  for (let i = 0; i < pinCount; i++) flipped.offsets[i + 1] += flipped.offsets[i];
  const next = flipped.offsets.slice(0, pinCount);
  for (let row = 0; row < pinCount; row++)
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      const slot = next[neighbours[e]]++;
      flipped.neighbours[slot] = row;
      flipped.weights[slot] = weights[e];
    }
  return flipped;
}

/** Scores a pin by what the query's pins add to it: x · W. */
export function itemNeighboursSource(
  name: SourceName,
  { offsets, neighbours, weights }: ItemNeighbours,
): CandidateSource {
  return scoredSource({
    name,
    pinCount: offsets.length - 1,
    fill(query, scores) {
      for (let q = 0; q < query.pins.length; q++) {
        const pin = query.pins[q];
        const weight = query.weights[q];
        for (let e = offsets[pin]; e < offsets[pin + 1]; e++) scores[neighbours[e]] += weight * weights[e];
      }
    },
  });
}
