import { pinSageSpec } from '../../model/spec.js';
import { version } from '../../package-root.js';
import { modelFormat, type ModelSpec } from '../../registry/spec.js';
import type { FittedModel } from '../fit/fit-model.js';
import { type PartialTrainSpec, type TrainSpec, trainSpec } from './train-spec.js';

export interface ModelSpecInput {
  readonly graphId: string;
  readonly trainedGraphId: string;
  readonly seed: number;
  readonly warmStart?: string;
  readonly spec: TrainSpec;
  readonly fitted: FittedModel;
  readonly command: string;
  readonly backend: string;
  readonly timings: Readonly<Record<string, number>>;
}

/** A model's spec as it is written: what was asked for, the settings that were chosen, and the provenance. */
export function modelSpec(input: ModelSpecInput): ModelSpec {
  const { spec, fitted } = input;
  return {
    format: modelFormat,
    graph_id: input.graphId,
    trained_graph_id: input.trainedGraphId,
    seed: input.seed,
    ...(input.warmStart !== undefined && { warm_start: input.warmStart }),
    pinsage: spec.pinsage,
    ...(fitted.sources.some(({ name }) => name === 'pintext') && { pintext: spec.pintext }),
    validation: spec.validation,
    sources: fitted.sources.map(({ name, settings }) => ({ name, settings })),
    candidates_per_source: spec.candidatesPerSource,
    ranker: spec.ranker,
    blend: spec.blend,
    provenance: {
      created_at: new Date().toISOString(),
      command: input.command,
      backend: input.backend,
      tool_version: version(),
      node_version: process.version,
      timings: input.timings,
    },
  };
}

/** The spec that would train a model again; what an older model's leaves out reads as its weights do. */
export function trainSpecOf(spec: ModelSpec): TrainSpec {
  return trainSpec({
    pinsage: spec.pinsage,
    ...(spec.pintext && { pintext: [spec.pintext].flat().map((network) => pinSageSpec(network)) }),
    validation: spec.validation,
    sources: spec.sources.map(({ name }) => name),
    candidatesPerSource: spec.candidates_per_source,
    ranker: spec.ranker,
    blend: { ...spec.blend, diversity: { leastShare: 0, ...spec.blend.diversity } },
  } as PartialTrainSpec);
}
