import { neighboursOf, type Topology } from '../../src/graph/graph.js';
import { pinCountOf } from './small-graphs.js';

/** P[u][v], the chance that one pin → board → pin step from u ends on v; a row of zeros where u has no board. */
export function transitionMatrix(topology: Topology): number[][] {
  const { pins, boards } = topology;
  const size = pinCountOf(topology);
  return Array.from({ length: size }, (_, from) => {
    const row = new Array<number>(size).fill(0);
    const ownBoards = neighboursOf(pins, from);
    for (const board of ownBoards) {
      const members = neighboursOf(boards, board);
      for (const pin of members) row[pin] += 1 / (ownBoards.length * members.length);
    }
    return row;
  });
}

function mixed(share: number, a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => share * value + (1 - share) * b[i]);
}

function times(vector: readonly number[], matrix: readonly (readonly number[])[]): number[] {
  return vector.map((_, column) => vector.reduce((sum, value, row) => sum + value * matrix[row][column], 0));
}

/**
 * Where a walk with restart stands after each of its steps, computed by brute force: `[t][v]` is the chance
 * of pin v after step t + 1. Before each step the walk goes back to the seed with the restart probability.
 */
export function visitChances(
  topology: Topology,
  seed: number,
  restart: number,
  steps: number,
  matrix: readonly (readonly number[])[] = transitionMatrix(topology),
): number[][] {
  const home = matrix.map((_, pin) => Number(pin === seed));
  const chances: number[][] = [];
  let at = home;
  for (let step = 0; step < steps; step++) {
    at = times(mixed(restart, home, at), matrix);
    chances.push(at);
  }
  return chances;
}
