import { type Adjacency, degree, type Topology } from '../graph/graph.js';
import { gram, type Matrix, matrix, rowProducts } from '../linear/dense-matrix.js';
import { orthonormal } from '../linear/orthonormal.js';
import { symmetricEigen } from '../linear/symmetric-eigen.js';
import { type Progress, silentProgress } from '../progress.js';
import { random } from '../random.js';
import { sharedFloat32 } from '../sampling/shared-arrays.js';
import { withDefaults } from '../with-defaults.js';

/** The leading right singular vectors of the normalised board-pin matrix R̃ = D_b^-β R D_p^-α. */
export interface SpectralFactors {
  readonly dimension: number;
  /** [dimension], descending. */
  readonly singularValues: Float32Array;
  /** [pins, dimension], in shared memory: row i is pin i's part in each vector. */
  readonly values: Float32Array;
}

export interface SpectralFitOptions {
  factors: number;
  /** β: how far a board's size counts against its edges. */
  boardExponent: number;
  /** α: how far a pin's degree counts against its edges. */
  pinExponent: number;
  /** Extra columns carried along, so that the last factors come out right. */
  oversampling: number;
  /** Rounds of subspace iteration: two products with R̃ᵀR̃, then an orthonormal basis. */
  rounds: number;
  seed: number;
}

/** The symmetric normalisation of graph convolutions. */
export const spectralFitDefaults: SpectralFitOptions = {
  factors: 256,
  boardExponent: 0.5,
  pinExponent: 0.5,
  oversampling: 24,
  rounds: 2,
  seed: 1,
};

/** d^exponent for every node, 0 for a node without edges. */
export function degreePowers(adjacency: Adjacency, exponent: number): Float64Array {
  return Float64Array.from({ length: adjacency.offsets.length - 1 }, (_, i) => {
    const edges = degree(adjacency, i);
    return edges === 0 ? 0 : edges ** exponent;
  });
}

/** Randomised subspace iteration (Halko, Martinsson and Tropp 2011, section 4.5) and a Rayleigh-Ritz step. */
export function fitSpectralFactors(
  topology: Topology,
  options: Partial<SpectralFitOptions> = {},
  progress: Progress = silentProgress,
): SpectralFactors {
  const { factors, boardExponent, pinExponent, oversampling, rounds, seed } = withDefaults(
    spectralFitDefaults,
    options,
  );
  const pinCount = topology.pins.offsets.length - 1;
  const boardCount = topology.boards.offsets.length - 1;
  const columns = Math.min(factors + oversampling, pinCount, boardCount);
  const dimension = Math.min(factors, columns);
  const pinScales = degreePowers(topology.pins, -pinExponent);
  const boardScales = degreePowers(topology.boards, -boardExponent);
  const toBoards = (pins: Matrix): Matrix => spread(topology.boards, boardScales, pinScales, pins);
  const toPins = (boards: Matrix): Matrix => spread(topology.pins, pinScales, boardScales, boards);

  const stage = progress.stage('spectral factors', rounds + 1);
  const stream = random(seed);
  let basis = matrix(pinCount, columns);
  for (let i = 0; i < basis.values.length; i++) basis.values[i] = stream.float() - 0.5;
  for (let round = 0; round < rounds; round++) {
    basis = orthonormal(toPins(toBoards(toPins(toBoards(basis)))));
    stage.update(round + 1);
  }
  // Twice: what the power of the singular values left short comes out whole.
  basis = orthonormal(orthonormal(basis));
  const eigen = symmetricEigen(gram(toBoards(basis)), columns);
  const rotation = matrix(dimension, columns, Float32Array.from(eigen.vectors.subarray(0, dimension * columns)));
  const values = sharedFloat32(pinCount * dimension);
  rowProducts(basis, rotation, matrix(pinCount, dimension, values));
  stage.finish();
  return {
    dimension,
    singularValues: Float32Array.from(eigen.values.subarray(0, dimension), (value) => Math.sqrt(Math.max(0, value))),
    values,
  };
}

/** The first `factors` of them, all where there are no more. */
export function leadingFactors(fitted: SpectralFactors, factors: number): SpectralFactors {
  const { dimension, singularValues, values } = fitted;
  if (factors >= dimension) return fitted;
  const rows = values.length / dimension;
  const leading = new Float32Array(rows * factors);
  for (let row = 0; row < rows; row++)
    leading.set(values.subarray(row * dimension, row * dimension + factors), row * factors);
  return { dimension: factors, singularValues: singularValues.subarray(0, factors), values: leading };
}

/** Row i of the result is own[i] · Σ over its neighbours j of other[j] · input[j]. */
function spread(adjacency: Adjacency, own: Float64Array, other: Float64Array, input: Matrix): Matrix {
  const { columns } = input;
  const { offsets, neighbours } = adjacency;
  const rows = offsets.length - 1;
  const out = matrix(rows, columns);
  const sum = new Float64Array(columns);
  const none = { from: 0, weight: 0 };
  for (let i = 0; i < rows; i++) {
    sum.fill(0);
    const end = offsets[i + 1];
    const neighbour = (e: number) =>
      e < end ? { from: neighbours[e] * columns, weight: own[i] * other[neighbours[e]] } : none;
    for (let e = offsets[i]; e < end; e += 4)
      addFourRows(sum, input.values, neighbour(e), neighbour(e + 1), neighbour(e + 2), neighbour(e + 3));
    out.values.set(sum, i * columns);
  }
  return out;
}

interface WeightedRow {
  /** Where the row begins. */
  readonly from: number;
  readonly weight: number;
}

/** Each sum is read and written once for four rows. */
function addFourRows(
  sum: Float64Array,
  values: Float32Array,
  a: WeightedRow,
  b: WeightedRow,
  c: WeightedRow,
  d: WeightedRow,
): void {
  for (let i = 0; i < sum.length; i++)
    sum[i] =
      sum[i] +
      a.weight * values[a.from + i] +
      b.weight * values[b.from + i] +
      c.weight * values[c.from + i] +
      d.weight * values[d.from + i];
}
