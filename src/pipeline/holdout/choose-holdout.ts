import type { Graph } from '../../graph/graph.js';
import type { TrainSpec } from '../spec/train-spec.js';
import { canBeJudged, partJudged } from './judged-queries.js';
import { hideAgain, type KeptHoldout } from './kept-holdout.js';
import { type Holdout, validationHoldout } from './validation-holdout.js';

export interface ChosenHoldout {
  readonly holdout: Holdout;
  /** Whether the edges are those that the older weights were never shown. */
  readonly isKept: boolean;
}

/**
 * The edges that older weights were never shown, hidden again where enough of their boards are left to fit a ranker on;
 * else edges drawn anew, which the older weights may have seen. Throws `bad_request` where those are too few as well:
 * better before a training than after it.
 */
export function chooseHoldout(graph: Graph, spec: TrainSpec, seed: number, kept?: KeptHoldout): ChosenHoldout {
  const again = kept && hideAgain(graph, kept);
  if (again && canBeJudged(again, seed)) return { holdout: again, isKept: true };
  const holdout = validationHoldout(graph, spec, seed);
  partJudged(holdout, seed);
  return { holdout, isKept: false };
}

/** What is said of edges drawn anew, which the weights of the model in `directory` may have been trained on. */
export function flattery(directory: string, kept: KeptHoldout | undefined): string {
  return kept
    ? `Too few of the edges that ${directory} was never shown are in this graph: others are hidden, and validation figures will flatter it.`
    : `${directory} does not say which edges it was never shown: validation figures will flatter it.`;
}
