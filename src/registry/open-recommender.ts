import { openSource } from '../candidates/fitted-source.js';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { openGraph } from '../graph/open.js';
import { Recommender } from '../recommender.js';
import { type Model, openModel } from './model.js';

export interface OpenedRecommender {
  readonly graph: Graph;
  readonly model: Model;
  readonly recommender: Recommender;
}

/** Throws `mismatch` where a model's parts were not made from this graph. */
export function assertModelFits(graph: Graph, { directory, spec, table }: Model): void {
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
}

/** The recommender over a graph and a model that are open already. */
export function recommenderOf(graph: Graph, model: Model): Recommender {
  assertModelFits(graph, model);
  const { table, index, ranker, spec } = model;
  const context = { topology: graph.topology, table, index };
  return new Recommender({
    modelId: model.id,
    graph,
    table,
    sources: model.sources.map((source) => openSource(source, context)),
    ranker,
    blend: spec.blend,
    candidatesPerSource: spec.candidates_per_source,
  });
}

/** All that serving and evaluating need: a graph directory and a model directory, and no training code. */
export async function openRecommender(graphDirectory: string, modelDirectory: string): Promise<OpenedRecommender> {
  const graph = await openGraph(graphDirectory);
  const model = await openModel(modelDirectory);
  return { graph, model, recommender: recommenderOf(graph, model) };
}
