import type { Topology } from '../graph/graph.js';
import type { CandidateQuery, CandidateSource } from './candidate-source.js';
import { matrix, multiplierBy } from './dense-matrix.js';
import { scoredSource } from './scored-source.js';
import { degreePowers, type SpectralFactors } from './spectral-factors.js';

export interface GfcfOptions {
  /** Weight of the ideal low-pass filter beside the linear one; 0 leaves it out. */
  weight: number;
  /** One Euler step of BSPM's sharpening, s − sharpen · s · R̃ᵀR̃; 0 leaves it out. */
  sharpen: number;
}

export const gfcfDefaults: GfcfOptions = { weight: 0.3, sharpen: 0 };

/**
 * GF-CF (Shen et al., CIKM 2021): scores x · (R̃ᵀR̃ + weight · D^-½ V Vᵀ D^½), a linear and an ideal
 * low-pass graph filter. The linear part is walked, not stored: two hops from the query's pins.
 */
export function gfcfSource(
  topology: Topology,
  factors: SpectralFactors,
  options: Partial<GfcfOptions> = {},
): CandidateSource {
  const { weight, sharpen } = { ...gfcfDefaults, ...options };
  const { dimension, values } = factors;
  const pinCount = topology.pins.offsets.length - 1;
  const pinRoots = degreePowers(topology.pins, -0.5);
  const boardRoots = degreePowers(topology.boards, -0.5);
  const filtered = linearFilter(topology, pinRoots, boardRoots);
  const byVectors = multiplierBy(matrix(pinCount, dimension, values));

  /** The query's pins in the basis V: x · D^-½ · V. */
  const project = (query: CandidateQuery, into: Float32Array): void => {
    query.pins.forEach((pin, q) => {
      const scale = query.weights[q] * pinRoots[pin];
      for (let f = 0; f < dimension; f++) into[f] += scale * values[pin * dimension + f];
    });
  };

  const fillBlock = (queries: readonly CandidateQuery[], columns: readonly Float32Array[]): void => {
    queries.forEach((query, q) => filtered(query.pins, query.weights, columns[q]));
    if (weight !== 0) {
      const projections = matrix(queries.length, dimension);
      queries.forEach((query, q) => project(query, projections.values.subarray(q * dimension, (q + 1) * dimension)));
      const { values: low } = byVectors(projections);
      columns.forEach((column, q) => {
        for (let pin = 0; pin < pinCount; pin++)
          if (pinRoots[pin] > 0) column[pin] += (weight * low[q * pinCount + pin]) / pinRoots[pin];
      });
    }
    if (sharpen !== 0)
      for (const column of columns) {
        const smoothed = new Float32Array(pinCount);
        filtered(null, column, smoothed);
        for (let pin = 0; pin < pinCount; pin++) column[pin] -= sharpen * smoothed[pin];
      }
  };

  return scoredSource({
    name: 'gfcf',
    pinCount,
    fill: (query, scores) => fillBlock([query], [scores]),
    fillBlock,
  });
}

/** Adds x · R̃ᵀR̃ to a column; x is sparse (`pins` with their weights) or, with `pins` null, dense. */
function linearFilter({ pins, boards }: Topology, pinRoots: Float64Array, boardRoots: Float64Array) {
  const signal = new Float64Array(boardRoots.length);
  return (listed: Uint32Array | null, weights: Float32Array, into: Float32Array): void => {
    const count = listed ? listed.length : pinRoots.length;
    for (let q = 0; q < count; q++) {
      const pin = listed ? listed[q] : q;
      const value = weights[q] * pinRoots[pin];
      if (value === 0) continue;
      for (let e = pins.offsets[pin]; e < pins.offsets[pin + 1]; e++) signal[pins.neighbours[e]] += value;
    }
    for (let board = 0; board < signal.length; board++) {
      if (signal[board] === 0) continue;
      const value = signal[board] * boardRoots[board] ** 2;
      signal[board] = 0;
      for (let e = boards.offsets[board]; e < boards.offsets[board + 1]; e++) {
        const pin = boards.neighbours[e];
        into[pin] += value * pinRoots[pin];
      }
    }
  };
}
