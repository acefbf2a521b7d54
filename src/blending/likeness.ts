import { type Adjacency, degree } from '../graph/graph.js';
import type { Candidate } from '../candidates/candidate.js';
import type { Ranked } from '../ranking/ranked.js';

/** A candidate with the number that its place depends on. */
export interface Scored extends Candidate {
  readonly score: number;
}

export interface LikenessOptions {
  /** 0 orders by probability alone; 1 by how many times likelier a pin is here than anywhere. */
  readonly exponent: number;
  /** Boards that every pin is taken to be on beforehand, lest a pin of one board be called the likest. */
  readonly boards: number;
}

/** Chosen by eye on the bundled graph, where one pin in two lists would else be the C library. */
export const likenessDefaults: LikenessOptions = { exponent: 0.6, boards: 20 };

/**
 * Scores for "more like this pin". What is saved everywhere is saved beside any pin, yet says nothing of it:
 * score = probability · (boards / (boards + degree))^exponent, the probability over a smoothed power of the
 * pin's own popularity, scaled so that a pin without boards keeps its probability. Descending.
 */
export function discountPopular(
  ranked: readonly Ranked[],
  pins: Adjacency,
  { exponent, boards }: LikenessOptions,
): (Ranked & Scored)[] {
  return ranked
    .map((one) => ({ ...one, score: one.probability * (boards / (boards + degree(pins, one.pin))) ** exponent }))
    .sort((a, b) => b.score - a.score || a.pin - b.pin);
}
