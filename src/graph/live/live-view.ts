import type { GraphView } from '../graph-view.js';
import type { LiveTopology } from '../walk-rows.js';
import type { Generation } from './generation.js';

/**
 * A live graph in one numbering. What it holds changes with the graph until a compaction puts another in its
 * place; from then on it stays as it was, for those who still hold it.
 */
export interface LiveView extends GraphView {
  /** Id of the base; the base with its delta has none. */
  readonly baseId: string;
  readonly topology: LiveTopology;
}

export function viewOf(generation: Generation, baseId: string): LiveView {
  const { pins, boards } = generation.nodes;
  return {
    baseId,
    topology: generation.topology,
    pins: pins.vocabulary(),
    boards: boards.vocabulary(),
    pinAttributes: pins.attributes(),
    boardAttributes: boards.attributes(),
    neighbours: (side, index) => generation.neighbours(side, index),
    degree: (side, index) => generation.degree(side, index),
  };
}
