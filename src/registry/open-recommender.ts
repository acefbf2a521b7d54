import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openSource } from '../candidates/fitted-source.js';
import type { PinEmbedder } from '../embedding/pin-embedder.js';
import { BoardwalkError, type ErrorCode } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { openGraph } from '../graph/open.js';
import type { LiveGraph } from '../graph/live/live-graph.js';
import { openLiveGraph } from '../graph/live/open-live-graph.js';
import { featureNames } from '../ranking/features.js';
import { Recommender } from '../recommender.js';
import { walkKernelFor } from '../sampling/choose-kernel.js';
import { modelFiles } from './model-files.js';
import { modelId } from './model-id.js';
import { type Model, openModel } from './model.js';

export interface OpenedRecommender {
  readonly graph: Graph;
  readonly model: Model;
  readonly recommender: Recommender;
}

/** Throws `mismatch` where a model's parts were not made from this graph, or its ranker reads other features than it would be shown. */
export function assertModelFits(graph: Graph, { directory, spec, table, sources, ranker }: Model): void {
  const renew = `run \`boardwalk rank\` with this graph and model to renew it, or train again`;
  if (table.graphId !== graph.id)
    throw new BoardwalkError(
      'mismatch',
      `The vectors in ${directory} belong to graph ${table.graphId}, not to ${graph.id}: run \`boardwalk embed\`, then \`boardwalk rank\`, or train again.`,
      { file: directory },
    );
  if (spec.graph_id !== graph.id)
    throw new BoardwalkError(
      'mismatch',
      `The sources and the ranker in ${directory} belong to graph ${spec.graph_id}, not to ${graph.id}: ${renew}.`,
      { file: directory },
    );
  if (!isDeepStrictEqual(ranker.features, featureNames(sources.map(({ name }) => name))))
    throw new BoardwalkError(
      'mismatch',
      `The ranker in ${directory} reads other features than this version of Boardwalk has: ${renew}.`,
      { file: directory },
    );
}

/**
 * The recommender over a graph and a model that are open already. With the graph's live self, its walks go
 * where that has edges now, and its answers name and tell of nothing that has been removed or changed since.
 */
export function recommenderOf(graph: Graph, model: Model, live?: LiveGraph): Recommender {
  assertModelFits(graph, model);
  const { table, trained, index, ranker, spec } = model;
  const kernel = live && { kernel: () => walkKernelFor(live.view.topology) };
  const context = { topology: graph.topology, table: trained, whole: table, index, ...kernel };
  return new Recommender({
    modelId: model.id,
    graph,
    table,
    trained,
    sources: model.sources.map((source) => openSource(source, context)),
    ranker,
    blend: spec.blend,
    candidatesPerSource: spec.candidates_per_source,
    now: live?.baseNow,
  });
}

/**
 * Opens what gives pins their vectors that came after the model: the tensor library, which nothing else that serves
 * needs, and the weights. None where the model reads boards too, for then single pins have no vectors.
 */
export function pinEmbedderOf(graph: Graph, { directory, id, spec }: Model): (() => Promise<PinEmbedder>) | undefined {
  if (spec.pinsage.aggregator === 'transformer') return undefined;
  const weights = join(directory, modelFiles.weights);
  return async () => {
    const { openPinEmbedder } = await import('../embedding/pin-embedder.js');
    // The folder may have been replaced since: vectors of another model's weights are like none of the table's.
    if (!existsSync(weights) || modelId(spec, weights) !== id)
      throw new BoardwalkError(
        'mismatch',
        `${directory} no longer holds model ${id}, which is served: pins that came after it get no vectors before the server is started again.`,
        { file: directory },
      );
    return openPinEmbedder(weights, graph, spec.seed);
  };
}

/** All that serving and evaluating need: a graph directory and a model directory, and no training code. */
export async function openRecommender(graphDirectory: string, modelDirectory: string): Promise<OpenedRecommender> {
  const graph = await openGraph(graphDirectory);
  const model = await openModel(modelDirectory);
  return { graph, model, recommender: recommenderOf(graph, model) };
}

export interface OpenedLiveRecommender extends OpenedRecommender {
  /** The graph as it changes; absent where this process may not change it, … */
  readonly live?: LiveGraph;
  /** … and then this is why. */
  readonly refusal?: BoardwalkError;
}

/** Why a graph that can be served cannot be written. */
const takesNoChanges = new Set<ErrorCode>(['read_only', 'locked', 'disk_full']);

/**
 * A recommender over a graph that takes changes, where its folder can be written and no other process does. The
 * graph is not compacted meanwhile, for the model belongs to the base that it was trained on.
 */
export async function openLiveRecommender(
  graphDirectory: string,
  modelDirectory: string,
): Promise<OpenedLiveRecommender> {
  const graph = await openGraph(graphDirectory);
  const model = await openModel(modelDirectory);
  assertModelFits(graph, model);
  try {
    const live = await openLiveGraph(graphDirectory, { compactBelow: 0 }, graph);
    return { graph, model, live, recommender: recommenderOf(graph, model, live) };
  } catch (error) {
    if (!(error instanceof BoardwalkError) || !takesNoChanges.has(error.code)) throw error;
    return { graph, model, refusal: error, recommender: recommenderOf(graph, model) };
  }
}
