import type { NodeWalkOptions } from '../sampling/board-neighbourhoods.js';
import type { PinSageSpec } from './spec.js';

/** The walks that a spec asks for, those of one stream. */
export function walksOf(
  { aggregator, neighbours, boardNeighbours, steps, restart }: PinSageSpec,
  seed: number,
  epoch: number,
): NodeWalkOptions {
  const boards = aggregator === 'transformer' ? boardNeighbours : 0;
  return { neighbours, boardNeighbours: boards, steps, restart, seed, epoch };
}
