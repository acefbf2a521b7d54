import { type Adjacency, degree, neighboursOf, type Side, type Topology } from '../graph/graph.js';
import { columnProducts, matrix, rowProducts, type Matrix } from '../linear/dense-matrix.js';
import { ridgeRowSolver, type RidgeRowSolver } from '../linear/ridge-rows.js';

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

/** What holds a row of `edges` edges, where the other side has `others` rows with edges. */
export function ridgeOf(
  { regularisation, unobserved, exponent }: Pick<IalsOptions, 'regularisation' | 'unobserved' | 'exponent'>,
  edges: number,
  others: number,
): number {
  return regularisation * (edges + unobserved * others) ** exponent;
}

/** Nodes with an edge: pins on no board are no evidence. */
export function countWithEdges(adjacency: Adjacency): number {
  let count = 0;
  for (let i = 0; i + 1 < adjacency.offsets.length; i++) if (degree(adjacency, i) > 0) count++;
  return count;
}

/** The factors of one side's nodes. */
export interface SideFactors {
  /** [nodes, factors]. */
  readonly solved: Float32Array;
  /** [nodes, factors]: the same, turned to the axes of their Gram matrix. */
  readonly turned: Float32Array;
  /** [factors, factors]: those axes, row by row. */
  readonly axes: Float32Array;
  /** [factors]: what the unobserved pairs cost along each axis. */
  readonly curvature: Float64Array;
}

/** What a fit reads and writes; in shared memory where several threads do so. */
export interface IalsMemory {
  readonly topology: Topology;
  readonly factors: number;
  readonly settings: IalsOptions;
  readonly sides: Readonly<Record<Side, SideFactors>>;
}

/** A step over the nodes `from` to `to` - 1 of a side. */
export interface IalsTask {
  readonly step: keyof IalsSteps;
  readonly side: Side;
  readonly from: number;
  readonly to: number;
}

export interface IalsSteps {
  /** Solves rows against the turned factors of the other side. */
  solve(side: Side, from: number, to: number): void;
  /** Aᵀ · A of solved rows, [factors, factors], its lower half. */
  gram(side: Side, from: number, to: number): Float64Array;
  /** Turns solved rows to the side's axes. */
  turn(side: Side, from: number, to: number): void;
}

/** Performs the steps of one fit over one memory. Each row comes out the same whoever computes it. */
export function ialsSteps({ topology, factors, settings, sides }: IalsMemory): IalsSteps {
  const rowsOf = (values: Float32Array, from: number, to: number): Matrix =>
    matrix(to - from, factors, values.subarray(from * factors, to * factors));
  const solverOf = (side: Side): RidgeRowSolver => {
    const { turned, curvature } = sides[side];
    return ridgeRowSolver(matrix(turned.length / factors, factors, turned), curvature);
  };
  const solvers = { pins: solverOf('boards'), boards: solverOf('pins') };
  const others = { pins: countWithEdges(topology.boards), boards: countWithEdges(topology.pins) };
  const addProducts = columnProducts(factors);
  return {
    solve(side, from, to) {
      const { solved } = sides[side];
      for (let row = from; row < to; row++) {
        const rows = neighboursOf(topology[side], row);
        if (rows.length === 0) continue;
        const ridge = ridgeOf(settings, rows.length, others[side]);
        solvers[side]({ rows, ridge }, solved.subarray(row * factors, (row + 1) * factors));
      }
    },
    gram(side, from, to) {
      const products = new Float64Array(factors * factors);
      addProducts(rowsOf(sides[side].solved, from, to), products);
      return products;
    },
    turn(side, from, to) {
      const { solved, turned, axes } = sides[side];
      rowProducts(rowsOf(solved, from, to), matrix(factors, factors, axes), rowsOf(turned, from, to));
    },
  };
}
