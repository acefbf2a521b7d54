import type { Graph } from '../graph/graph.js';
import { isContentFree } from '../model/features.js';
import { idsAloneDefaults, pinSageDefaults } from '../model/spec.js';
import { type PartialTrainSpec, trainSpec, type TrainSpec } from './train-spec.js';

/**
 * Fills in the defaults that suit a graph: a linear model of ids where it holds no content, unless the spec asks
 * for another aggregator or for no ids.
 */
export function suitedSpec(graph: Graph, partial: PartialTrainSpec = {}): TrainSpec {
  const { aggregator = 'linear', features } = partial.pinsage ?? {};
  const idsAlone = aggregator === 'linear' && features?.ids !== 'never' && isContentFree(graph);
  return trainSpec(partial, idsAlone ? idsAloneDefaults : pinSageDefaults);
}
