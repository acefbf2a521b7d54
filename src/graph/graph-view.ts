import type { Vocabulary } from '../data/vocabulary.js';
import { type Attributes, degree, type Graph, neighboursOf, type Side } from './graph.js';

/** What can be looked up of a graph by dense indices, whether it changes meanwhile or not. */
export interface GraphView {
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

/** The nodes of a graph as it was built, by their indices there, with the attributes and edges that they have by now. */
export interface GraphNow extends GraphView {
  /** Pins whose attributes have changed since, in the order of that: a reader remembers how far it has come. */
  readonly describedPins: readonly number[];
}

/** A graph that nothing changes. */
export function graphNow({ pins, boards, pinAttributes, boardAttributes, topology }: Graph): GraphNow {
  return {
    pins,
    boards,
    pinAttributes,
    boardAttributes,
    neighbours: (side, index) => neighboursOf(topology[side], index),
    degree: (side, index) => degree(topology[side], index),
    describedPins: [],
  };
}
