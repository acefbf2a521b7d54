import { foreseeMemory } from '../data/available-memory.js';
import { type Adjacency, degree, neighboursOf, type Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { random } from '../random.js';
import { sharedFloat32 } from '../sampling/shared-arrays.js';
import { gram, type Matrix, matrix, rowProducts } from './dense-matrix.js';
import { ridgeRowSolver } from './ridge-rows.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** What iALS learns of pins. A board needs nothing kept: it is folded in from its pins. */
export interface IalsFactors {
  readonly dimension: number;
  /** [dimension], descending: the diagonal of the factors' Gram matrix, which has no other entries. */
  readonly spectrum: Float64Array;
  /** [pins, dimension], in shared memory. */
  readonly values: Float32Array;
}

/** Settings in the terms of Rendle et al., "Revisiting the performance of iALS on item recommendation benchmarks" (RecSys 2022). */
export interface IalsOptions {
  /** Dimension; never more than there are pins or boards. */
  factors: number;
  /** Weight of a pin that a board does not hold (α₀) against one that it does. */
  unobserved: number;
  /** λ. */
  regularisation: number;
  /** ν: a row of n edges is held by λ (n + α₀ · rows of the other side)^ν. */
  exponent: number;
  epochs: number;
  /** Standard deviation of the first factors, over √factors. */
  deviation: number;
  seed: number;
}

export const ialsDefaults: IalsOptions = {
  factors: 512,
  unobserved: 0.01,
  regularisation: 0.003,
  exponent: 1,
  epochs: 8,
  deviation: 0.1,
  seed: 1,
};

/** What holds a row of `edges` edges, where the other side has `others` rows with edges. */
export function ridgeOf(
  { regularisation, unobserved, exponent }: Pick<IalsOptions, 'regularisation' | 'unobserved' | 'exponent'>,
  edges: number,
  others: number,
): number {
  return regularisation * (edges + unobserved * others) ** exponent;
}

/**
 * Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren and Volinsky, ICDM 2008),
 * every row solved exactly. Each half of an epoch turns the fixed side to the axes of its Gram matrix, where
 * what the unobserved pairs cost is diagonal.
 */
export function fitIalsFactors(
  topology: Topology,
  options: Partial<IalsOptions> = {},
  progress: Progress = silentProgress,
): IalsFactors {
  const settings = { ...ialsDefaults, ...options };
  const { epochs, deviation, seed } = settings;
  const { pins, boards } = topology;
  const pinCount = pins.offsets.length - 1;
  const boardCount = boards.offsets.length - 1;
  const factors = Math.min(settings.factors, pinCount, boardCount);
  foreseeMemory({
    what: `iALS of ${factors} factors`,
    // The side that is solved, and the other one as it was and turned; old ones go when memory is asked for.
    bytes: 8 * factors * (pinCount + boardCount),
    mend: 'Lower its `factors`.',
  });
  const stream = random(seed);
  let pinSide = matrix(pinCount, factors);
  for (let pin = 0; pin < pinCount; pin++)
    if (degree(pins, pin) > 0)
      for (let f = 0; f < factors; f++)
        pinSide.values[pin * factors + f] = (deviation / Math.sqrt(factors)) * stream.normal();

  const rows = boardCount + pinCount;
  const stage = progress.stage('iALS, rows solved', epochs * rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const from = epoch * rows;
    const boardSide = solveSide(boards, pinSide, pins, settings, (row) => stage.update(from + row, { epoch }));
    pinSide = solveSide(pins, boardSide, boards, settings, (row) => stage.update(from + boardCount + row, { epoch }));
  }
  const { turned, spectrum } = toGramAxes(pinSide, sharedFloat32(pinCount * factors));
  stage.finish();
  return { dimension: factors, spectrum, values: turned.values };
}

/** The rows of one side, given the other's. */
function solveSide(
  adjacency: Adjacency,
  fixed: Matrix,
  others: Adjacency,
  settings: IalsOptions,
  report: (row: number) => void,
): Matrix {
  const { turned, spectrum } = toGramAxes(fixed);
  const solve = ridgeRowSolver(
    turned,
    spectrum.map((value) => settings.unobserved * value),
  );
  const solved = matrix(adjacency.offsets.length - 1, fixed.columns);
  const otherCount = countWithEdges(others);
  for (let row = 0; row < solved.rows; row++) {
    const edges = degree(adjacency, row);
    if (edges === 0) continue;
    const observed = { rows: neighboursOf(adjacency, row), ridge: ridgeOf(settings, edges, otherCount) };
    solve(observed, solved.values.subarray(row * fixed.columns, (row + 1) * fixed.columns));
    if (row % 256 === 0) report(row);
  }
  return solved;
}

/** Turns rows so that their Gram matrix is diagonal; inner products with rows solved against them are the same. */
function toGramAxes(side: Matrix, values?: Float32Array): { turned: Matrix; spectrum: Float64Array } {
  const { rows, columns } = side;
  const eigen = symmetricEigen(gram(side), columns);
  const axes = matrix(columns, columns, Float32Array.from(eigen.vectors));
  return {
    turned: rowProducts(side, axes, matrix(rows, columns, values)),
    spectrum: eigen.values.map((value) => Math.max(0, value)),
  };
}

/** Nodes with an edge: pins on no board are no evidence. */
export function countWithEdges(adjacency: Adjacency): number {
  let count = 0;
  for (let i = 0; i + 1 < adjacency.offsets.length; i++) if (degree(adjacency, i) > 0) count++;
  return count;
}
