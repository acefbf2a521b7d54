import type { SourceName } from '../candidates/candidate-source.js';
import type { Graph } from '../graph/graph.js';
import { trainingBytes } from '../training/training-memory.js';
import { sourceNamesFor } from './spec/source-names.js';
import { suitedSpec } from './spec/suited-spec.js';
import type { TrainNetworksInput } from './weights/train-networks.js';
import type { TrainSpec } from './spec/train-spec.js';

/** The networks that a model of these sources has: PinText's where it is among them. */
export function networksOf({ pinsage, pintext }: TrainSpec, names: readonly SourceName[]): TrainNetworksInput['specs'] {
  return { pinsage, pintext: names.includes('pintext') ? pintext : [] };
}

/** The least that training networks one after another takes beside the open graph, in bytes. */
export function trainingNeed(graph: Graph, { pinsage, pintext }: TrainNetworksInput['specs']): number {
  return Math.max(...[pinsage, ...pintext].map((spec) => trainingBytes(graph, spec)));
}

/** What a graph needs to be trained on where nothing is said of the model, in bytes. */
export function defaultTrainingNeed(graph: Graph): number {
  const spec = suitedSpec(graph);
  return trainingNeed(graph, networksOf(spec, sourceNamesFor(graph, spec)));
}
