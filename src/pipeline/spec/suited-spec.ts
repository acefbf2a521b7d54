import type { Graph } from '../../graph/graph.js';
import { isContentFree } from '../../graph/pin-text.js';
import { convolutionDefaults, idsAloneDefaults, type PinSageSpec, sumsDefaults } from '../../model/spec.js';
import { type PartialTrainSpec, trainSpec, type TrainSpec } from './train-spec.js';

/** Fills in the defaults that suit a graph and the aggregator that the spec asks for, sums where it asks for none. */
export function suitedSpec(graph: Graph, partial: PartialTrainSpec = {}): TrainSpec {
  return trainSpec(partial, defaultsFor(graph, partial.pinsage?.aggregator));
}

function defaultsFor(graph: Graph, aggregator: PinSageSpec['aggregator'] = 'linear'): PinSageSpec {
  if (aggregator !== 'linear') return convolutionDefaults;
  return isContentFree(graph) ? idsAloneDefaults : sumsDefaults;
}
