import { degreesOf, type Graph } from './graph.js';

/** Boards that suffice to judge settings by, and for the ranker to learn from: where there are fewer, all are wanted. */
export const leastBoards = 1_000;
/** Boards without which there is nothing to judge by. */
export const leastJudged = 10;
/** Pins of the boards that lose some by default: from fewer, a mean query is shorter than most that will be asked. */
const usualMinimum = 5;

/**
 * The pins that a board must hold to lose some for validation: five; where boards of five are too few to learn from, or
 * fewer than `leastBoards` and most that can lose a pin are shorter, as many pins as bring that to an end.
 */
export function minimumPinsOf({ topology }: Graph): number {
  const boards = degreesOf(topology.boards);
  const holding = (pins: number): number => boards.filter((held) => held >= pins).length;
  let minimum = usualMinimum;
  while (minimum > 2 && holding(minimum) < Math.min(leastBoards, Math.max(leastJudged, holding(2) / 2))) minimum--;
  return minimum;
}
