import type { Vocabulary } from '../../data/vocabulary.js';
import type { Attributes, Side } from '../graph.js';
import type { LiveTopology } from '../walk-rows.js';
import type { Generation } from './generation.js';

/**
 * A live graph in one numbering. What it holds changes with the graph until a compaction puts another in its
 * place; from then on it stays as it was, for those who still hold it.
 */
export interface LiveView {
  /** Id of the base; the base with its delta has none. */
  readonly baseId: string;
  readonly topology: LiveTopology;
  /** A removed node's id is ''. */
  readonly pins: Vocabulary;
  readonly boards: Vocabulary;
  readonly pinAttributes: Attributes;
  readonly boardAttributes: Attributes;
  /** A node's neighbours by index, ascending; a view that holds until the next change. */
  neighbours(side: Side, index: number): Uint32Array;
  /** Their number. */
  degree(side: Side, index: number): number;
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
