import { degree, type Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import type { CandidateSource, SourceName } from './candidate-source.js';
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

export interface CoOccurrenceRule {
  /** Entries kept in a row: the largest, ties by dense index. */
  neighbours: number;
  /** What a shared board adds, by the number of its pins. */
  boardWeight(boardDegree: number): number;
  /** The entry (row, column) from the sum over shared boards and the two pins' degrees. */
  similarity(sum: number, rowDegree: number, columnDegree: number): number;
}

export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

export function sharedUint32(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

/** Every pin's strongest co-occurring pins. Cost: Σ over boards of its degree squared. */
export function coOccurrences(
  { pins, boards }: Topology,
  rule: CoOccurrenceRule,
  progress: Progress = silentProgress,
): ItemNeighbours {
  const pinCount = pins.offsets.length - 1;
  const degrees = Uint32Array.from({ length: pinCount }, (_, pin) => degree(pins, pin));
  const boardWeights = Float64Array.from({ length: boards.offsets.length - 1 }, (_, board) =>
    rule.boardWeight(degree(boards, board)),
  );
  const sums = new Float64Array(pinCount);
  const touched = new Uint32Array(pinCount);
  const values = new Float32Array(pinCount);
  const rows: Uint32Array[] = [];
  const rowWeights: Float32Array[] = [];
  const offsets = sharedUint32(pinCount + 1);
  const stage = progress.stage('co-occurrences', pinCount);
  for (let pin = 0; pin < pinCount; pin++) {
    let count = 0;
    for (let e = pins.offsets[pin]; e < pins.offsets[pin + 1]; e++) {
      const board = pins.neighbours[e];
      const weight = boardWeights[board];
      for (let f = boards.offsets[board]; f < boards.offsets[board + 1]; f++) {
        const other = boards.neighbours[f];
        if (sums[other] === 0) touched[count++] = other;
        sums[other] += weight;
      }
    }
    let kept = 0;
    for (let t = 0; t < count; t++) {
      const other = touched[t];
      if (other !== pin) {
        values[kept] = rule.similarity(sums[other], degrees[pin], degrees[other]);
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
  return { offsets, neighbours, weights };
}

/** The `limit` largest entries, ties by column, in ascending column order. */
function largest(
  columns: Uint32Array,
  values: Float32Array,
  limit: number,
): { columns: Uint32Array; values: Float32Array } {
  let kept: Uint32Array;
  if (columns.length <= limit) kept = Uint32Array.from(columns.keys());
  else {
    const threshold = Float32Array.from(values).sort()[values.length - limit];
    const above: number[] = [];
    const tied: number[] = [];
    for (let i = 0; i < values.length; i++) {
      if (values[i] > threshold) above.push(i);
      else if (values[i] === threshold) tied.push(i);
    }
    tied.sort((a, b) => columns[a] - columns[b]);
    kept = Uint32Array.from([...above, ...tied.slice(0, limit - above.length)]);
  }
  kept.sort((a, b) => columns[a] - columns[b]);
  return { columns: kept.map((i) => columns[i]), values: Float32Array.from(kept, (i) => values[i]) };
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
