import type { Topology } from '../graph/graph.js';
import { matrix, multiplierBy } from '../linear/dense-matrix.js';
import { ridgeRowSolver } from '../linear/ridge-rows.js';
import { withDefaults } from '../with-defaults.js';
import type { CandidateQuery, CandidateSource } from './candidate-source.js';
import { ialsDefaults, type IalsFactors } from './ials-factors.js';
import { countWithEdges, type IalsOptions, ridgeOf } from './ials-steps.js';
import { scoredSource } from './scored-source.js';

/**
 * iALS as a source: the query's pins are folded in as those of a board would be, by one exact solve, and pins
 * are scored by the inner product with what comes out. A board that was never seen costs the same.
 */
export function ialsSource(
  topology: Topology,
  { dimension, spectrum, values }: IalsFactors,
  options: Partial<IalsOptions> = {},
): CandidateSource {
  const settings = withDefaults(ialsDefaults, options);
  const pinCount = topology.pins.offsets.length - 1;
  const others = countWithEdges(topology.pins);
  const fixed = matrix(pinCount, dimension, values);
  const byFactors = multiplierBy(fixed);
  const solve = ridgeRowSolver(
    fixed,
    spectrum.map((value) => settings.unobserved * value),
  );

  const fillBlock = (queries: readonly CandidateQuery[], columns: readonly Float32Array[]): void => {
    const folded = matrix(queries.length, dimension);
    queries.forEach(({ pins, weights }, q) => {
      const edges = weights.reduce((sum, weight) => sum + weight, 0);
      if (edges > 0)
        solve(
          { rows: pins, weights, ridge: ridgeOf(settings, edges, others) },
          folded.values.subarray(q * dimension, (q + 1) * dimension),
        );
    });
    const { values: scores } = byFactors(folded);
    columns.forEach((column, q) => column.set(scores.subarray(q * pinCount, (q + 1) * pinCount)));
  };

  return scoredSource({
    name: 'ials',
    pinCount,
    fill: (query, scores) => fillBlock([query], [scores]),
    fillBlock,
  });
}
