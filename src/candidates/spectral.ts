import { degreeExponents } from '../graph/degree-exponents.js';
import type { Topology } from '../graph/graph.js';
import { matrix, multiplierBy } from '../linear/dense-matrix.js';
import { type Progress } from '../progress.js';
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

export interface SpectralOptions extends SpectralFitOptions {
  /** Exponent of a pin's degree in its score: above 0, popular pins rise. */
  popularity: number;
}

export const spectralDefaults: SpectralOptions = {
  ...spectralFitDefaults,
  factors: 512,
  boardExponent: degreeExponents.board,
  pinExponent: degreeExponents.pin,
  popularity: 0.3,
};

/** Numbers that the factors of all pins may hold together, 256 MiB: larger catalogues get fewer factors. */
const mostNumbers = 2 ** 26;
const leastFactors = 64;
/** Share of the factors in the coarse view: the graph's broad structure without its detail. */
const coarseShare = 1 / 4;

/** The leading factors under a softened normalisation: `factors` of them, fewer where the catalogue is large. */
export function fitSpectral(
  topology: Topology,
  options: Partial<SpectralOptions> = {},
  progress?: Progress,
): SpectralFactors {
  const settings = withDefaults(spectralDefaults, options);
  const pinCount = topology.pins.offsets.length - 1;
  const room = Math.max(leastFactors, Math.floor(mostNumbers / Math.max(1, pinCount)));
  return fitSpectralFactors(topology, { ...settings, factors: Math.min(settings.factors, room) }, progress);
}

/**
 * A low-pass filter, x · D^-α V Vᵀ D^popularity: PureSVD (Cremonesi et al., RecSys 2010, section 3.3) with degrees
 * scaled before the factorisation, as EigenRec does for pins (Nikolakopoulos et al., 2019, section 3), and boards too.
 * Reads the leading `factors` of those that were fitted: a filter that lets nearly all of a small graph's pass says
 * nothing of pins that the query lacks.
 */
export function spectralSource(
  topology: Topology,
  fitted: SpectralFactors,
  options: Partial<SpectralOptions> = {},
): CandidateSource {
  const { pinExponent, popularity, factors } = withDefaults(spectralDefaults, options);
  const pinCount = topology.pins.offsets.length - 1;
  const { dimension, values } = leadingFactors(fitted, factors);
  const scales = degreePowers(topology.pins, -pinExponent);
  const raises = degreePowers(topology.pins, popularity);
  const byVectors = multiplierBy(matrix(pinCount, dimension, values));

  /** The query in the basis V: x · D^-α · V. */
  const project = (query: CandidateQuery): Float32Array => {
    const into = new Float32Array(dimension);
    query.pins.forEach((pin, q) => {
      const scale = query.weights[q] * scales[pin];
      for (let f = 0; f < dimension; f++) into[f] += scale * values[pin * dimension + f];
    });
    return into;
  };

  const fillBlock = (queries: readonly CandidateQuery[], columns: readonly Float32Array[]): void => {
    const projections = matrix(queries.length, dimension);
    queries.forEach((query, q) => projections.values.set(project(query), q * dimension));
    const { values: low } = byVectors(projections);
    columns.forEach((column, q) => {
      for (let pin = 0; pin < pinCount; pin++) column[pin] = low[q * pinCount + pin] * raises[pin];
    });
  };

  return {
    ...scoredSource({
      name: 'spectral',
      pinCount,
      fill: (query, scores) => fillBlock([query], [scores]),
      fillBlock,
    }),
    /** `coarse`: the score by the leading factors alone. */
    aspects(query, pins) {
      const signal = project(query);
      const leading = Math.ceil(coarseShare * dimension);
      return [
        Float32Array.from(pins, (pin) => {
          let sum = 0;
          for (let f = 0, at = pin * dimension; f < leading; f++, at++) sum += signal[f] * values[at];
          return sum * raises[pin];
        }),
      ];
    },
  };
}
