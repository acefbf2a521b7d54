import { buildIndex } from '../ann/index-file.js';
import { type FittedSource, fitSource, openSource } from '../candidates/fitted-source.js';
import type { SourceName } from '../candidates/candidate-source.js';
import { embedPins } from '../embedding/embed-pins.js';
import type { EmbeddingTable } from '../embedding/table.js';
import type { EdgeList } from '../graph/adjacency.js';
import type { Graph } from '../graph/graph.js';
import { withoutEdges } from '../graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../graph/split.js';
import type { Backend } from '../model/backends.js';
import type { PinSageModel } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import type { SourceSpec } from '../registry/spec.js';
import { type FittedRanker, fitRanker } from './fit-ranker.js';
import type { StageClock } from './stage-clock.js';
import type { TrainSpec } from './train-spec.js';

/** A graph with some edges hidden from everything that is fitted, and those edges. */
export interface Holdout {
  readonly graph: Graph;
  readonly hidden: EdgeList;
}

export function validationHoldout(graph: Graph, spec: TrainSpec, seed: number): Holdout {
  const mask = holdOutEdges(graph, { ...spec.validation, seed });
  return { graph: withoutEdges(graph, mask), hidden: heldOutPairs(graph, mask) };
}

export interface FitModelInput {
  readonly graph: Graph;
  readonly holdout: Holdout;
  readonly pinsage: PinSageModel;
  readonly backend: Backend;
  readonly spec: TrainSpec;
  readonly seed: number;
  readonly clock: StageClock;
  readonly progress?: Progress;
}

/** All of a model that is made from PinSage's weights and a graph. */
export interface FittedModel extends FittedRanker {
  readonly vectors: Float32Array;
  readonly sources: readonly FittedSource[];
}

/** The sources that suit a graph, in the order of the ranker's features; `content` needs words to read. */
export function sourcesFor(graph: Graph): SourceName[] {
  const words = graph.pinAttributes.names.includes('title') || graph.pinAttributes.names.includes('text');
  return ['rp3beta', 'gfcf', 'pinsage', ...(words ? (['content'] as const) : []), 'pixie', 'popularity'];
}

/**
 * Fits the ranker where the validation edges are hidden, then makes vectors and sources again from the whole
 * graph: the ranker has learnt how far to trust each source, and PinSage needs no new weights for new edges.
 */
export async function fitModel({
  graph,
  holdout,
  pinsage,
  backend,
  spec,
  seed,
  clock,
  progress = silentProgress,
}: FitModelInput): Promise<FittedModel> {
  const chosen: SourceSpec[] = (spec.sources.length > 0 ? spec.sources : sourcesFor(graph)).map((name) => ({
    name,
    settings: {},
  }));
  const embed = (of: Graph): Promise<Float32Array> =>
    clock.time('embed', () => embedPins(of, pinsage, { backend, seed, progress }));
  const fitSources = (to: Graph): Promise<FittedSource[]> =>
    clock.time('sources', () => chosen.map(({ name, settings }) => fitSource(to, name, settings, progress)));

  progress.note('Fitting the ranker on edges hidden from training');
  const partial = tableOf(holdout.graph, await embed(holdout.graph), pinsage);
  const partialSources = await fitSources(holdout.graph);
  const context = { topology: holdout.graph.topology, table: partial, index: buildIndex(partial, null) };
  const fitted = await clock.time('ranker', () =>
    fitRanker({
      ...holdout,
      table: partial,
      sources: partialSources.map((source) => openSource(source, context)),
      spec,
      seed,
      progress,
    }),
  );

  progress.note('Making vectors and sources from the whole graph');
  return { ...fitted, vectors: await embed(graph), sources: await fitSources(graph) };
}

function tableOf(graph: Graph, vectors: Float32Array, { spec }: PinSageModel): EmbeddingTable {
  return {
    modelId: '',
    graphId: graph.id,
    dimension: spec.dimension,
    metric: spec.normalise ? 'cosine' : 'ip',
    pinIds: graph.pins.ids(),
    vectors,
  };
}
