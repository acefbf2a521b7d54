import type { Adjacency, Topology } from '../graph/graph.js';
import { matrix, multiplierBy } from '../linear/dense-matrix.js';
import type { Progress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import type { CandidateQuery, CandidateSource } from './candidate-source.js';
import { scoredSource } from './scored-source.js';
import {
  degreePowers,
  fitSpectralFactors,
  leadingFactors,
  type SpectralFactors,
  type SpectralFitOptions,
  spectralFitDefaults,
} from './spectral-factors.js';

export interface GfcfOptions extends SpectralFitOptions {
  /** Weight of the ideal low-pass filter beside the linear one; 0 leaves it out. */
  weight: number;
  /** One Euler step of BSPM's sharpening, s − sharpen · s · R̃ᵀR̃; 0 leaves it out. */
  sharpen: number;
}

export const gfcfDefaults: GfcfOptions = { ...spectralFitDefaults, weight: 0.3, sharpen: 0 };

/**
 * Share of a graph's smaller side, pins or boards, that the factors may be: an ideal filter that passes nearly all of a
 * small graph gives a query its own pins back and nothing else.
 */
const mostShare = 1 / 4;

/** The leading factors: `factors` of them, fewer where the graph is small. */
export function fitGfcf(topology: Topology, options: Partial<GfcfOptions> = {}, progress?: Progress): SpectralFactors {
  const settings = withDefaults(gfcfDefaults, options);
  const side = Math.min(topology.pins.offsets.length, topology.boards.offsets.length) - 1;
  const most = Math.max(1, Math.floor(mostShare * side));
  return fitSpectralFactors(topology, { ...settings, factors: Math.min(settings.factors, most) }, progress);
}

/**
 * GF-CF (Shen et al., CIKM 2021): scores x · (R̃ᵀR̃ + weight · D^-½ V Vᵀ D^½), a linear and an ideal
 * low-pass graph filter. The linear part is walked, not stored: two hops from the query's pins. Reads the leading `factors`
 * of those that were fitted.
 */
export function gfcfSource(
  topology: Topology,
  fitted: SpectralFactors,
  options: Partial<GfcfOptions> = {},
): CandidateSource {
  const { weight, sharpen, factors } = withDefaults(gfcfDefaults, options);
  const { dimension, values } = leadingFactors(fitted, factors);
  const pinCount = topology.pins.offsets.length - 1;
  const pinRoots = degreePowers(topology.pins, -0.5);
  const boardRoots = degreePowers(topology.boards, -0.5);
  const addFiltered = linearFilter(topology, pinRoots, boardRoots);
  const sharpened = sharpener(topology, pinRoots, boardRoots, sharpen);
  const byVectors = multiplierBy(matrix(pinCount, dimension, values));

  /** The query's pins in the basis V: x · D^-½ · V. */
  const project = (query: CandidateQuery, into: Float32Array): void => {
    query.pins.forEach((pin, q) => {
      const scale = query.weights[q] * pinRoots[pin];
      for (let f = 0; f < dimension; f++) into[f] += scale * values[pin * dimension + f];
    });
  };

  const fillBlock = (queries: readonly CandidateQuery[], columns: readonly Float32Array[]): void => {
    queries.forEach((query, q) => addFiltered(query, columns[q]));
    if (weight !== 0) {
      const projections = matrix(queries.length, dimension);
      queries.forEach((query, q) => project(query, projections.values.subarray(q * dimension, (q + 1) * dimension)));
      const { values: low } = byVectors(projections);
      columns.forEach((column, q) => {
        for (let pin = 0; pin < pinCount; pin++)
          if (pinRoots[pin] > 0) column[pin] += (weight * low[q * pinCount + pin]) / pinRoots[pin];
      });
    }
    if (sharpen !== 0) for (let q = 0; q < columns.length; q += lanes) sharpened(columns.slice(q, q + lanes));
  };

  return scoredSource({
    name: 'gfcf',
    pinCount,
    fill: (query, scores) => fillBlock([query], [scores]),
    fillBlock,
  });
}

/** Adds x · R̃ᵀR̃ of a query to a column. */
function linearFilter({ pins, boards }: Topology, pinRoots: Float64Array, boardRoots: Float64Array) {
  const signal = new Float64Array(boardRoots.length);
  return ({ pins: listed, weights }: CandidateQuery, into: Float32Array): void => {
    listed.forEach((pin, q) => {
      const value = weights[q] * pinRoots[pin];
      for (let e = pins.offsets[pin]; e < pins.offsets[pin + 1]; e++) signal[pins.neighbours[e]] += value;
    });
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

/** Columns that pass the graph's edges together. */
const lanes = 4;

/**
 * Takes `share` · s · R̃ᵀR̃ off up to `lanes` columns s. They lie side by side, so that each edge is read once for
 * all of them.
 */
function sharpener({ pins, boards }: Topology, pinRoots: Float64Array, boardRoots: Float64Array, share: number) {
  const ofPins = new Float64Array(share === 0 ? 0 : lanes * pinRoots.length);
  const ofBoards = new Float64Array(share === 0 ? 0 : lanes * boardRoots.length);
  return (columns: readonly Float32Array[]): void => {
    columns.forEach((column, lane) => {
      for (let pin = 0; pin < pinRoots.length; pin++) ofPins[lanes * pin + lane] = pinRoots[pin] * column[pin];
    });
    sumNeighbours(boards, ofPins, ofBoards);
    for (let board = 0; board < boardRoots.length; board++)
      for (let lane = 0; lane < lanes; lane++) ofBoards[lanes * board + lane] *= boardRoots[board] ** 2;
    sumNeighbours(pins, ofBoards, ofPins);
    columns.forEach((column, lane) => {
      for (let pin = 0; pin < pinRoots.length; pin++) column[pin] -= share * pinRoots[pin] * ofPins[lanes * pin + lane];
    });
  };
}

/** Every row of `sums` becomes the sum of its neighbours' rows, both `lanes` wide. */
function sumNeighbours({ offsets, neighbours }: Adjacency, values: Float64Array, sums: Float64Array): void {
  for (let row = 0; row + 1 < offsets.length; row++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      const at = lanes * neighbours[e];
      s0 += values[at];
      s1 += values[at + 1];
      s2 += values[at + 2];
      s3 += values[at + 3];
    }
    const to = lanes * row;
    sums[to] = s0;
    sums[to + 1] = s1;
    sums[to + 2] = s2;
    sums[to + 3] = s3;
  }
}
