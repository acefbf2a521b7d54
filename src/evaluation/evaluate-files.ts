import type { Graph } from '../graph/graph.js';
import { openGraph } from '../graph/open.js';
import { openRecommender } from '../registry/open-recommender.js';
import { taskOver } from './catalogue.js';
import {
  type EvaluatedModel,
  type EvaluateOptions,
  type EvaluationReport,
  evaluate,
  evaluateDefaults,
} from './evaluate.js';
import { defaultMethods } from './methods.js';
import { assertUnseen, boardTask, drawPairs, relatedTask, type Task, type TaskName, userTask } from './tasks.js';
import { readTestPairs } from './test-pairs.js';

export interface EvaluateFilesRequest {
  /** Graph directory. */
  readonly graph: string;
  /** Model directory. */
  readonly model?: string;
  /** Test file. */
  readonly test: string;
  readonly task: TaskName;
  /** Choose the baselines' settings on validation pairs drawn from the graph. */
  readonly tune: boolean;
  /** Where a file for `related` lists boards and not pairs. */
  readonly pairsPerBoard: number;
  readonly options: Partial<EvaluateOptions>;
}

/** What `boardwalk evaluate` does: folders and a test file in, a report out. */
export async function evaluateFiles(request: EvaluateFilesRequest): Promise<EvaluationReport> {
  const { options } = request;
  const { graph, model } = await open(request);
  const task = { ...(await readTask(graph, request)), file: request.test };
  if (!request.tune) return evaluate(graph, task, { ...options, model });
  // Tuning takes minutes: a test that cannot be judged is refused before.
  taskOver(graph, options.catalogue ?? evaluateDefaults().catalogue, task);
  const { tuneSources } = await import('../candidates/tune.js');
  const settings = await tuneSources(graph, options.methods ?? defaultMethods(model?.sources ?? []), {
    seed: options.seed,
    progress: options.progress,
  });
  return evaluate(graph, task, { ...options, model, settings: { ...settings, ...options.settings } });
}

async function open({
  graph,
  model,
}: EvaluateFilesRequest): Promise<{ graph: Graph; model: EvaluatedModel | undefined }> {
  if (model === undefined) return { graph: await openGraph(graph), model: undefined };
  const opened = await openRecommender(graph, model);
  return {
    graph: opened.graph,
    model: {
      id: opened.model.id,
      trainedGraphId: opened.model.spec.trained_graph_id,
      warmStart: opened.model.spec.warm_start,
      table: opened.model.table,
      recommender: opened.recommender,
      sources: opened.model.sources,
      directories: { graph, model },
    },
  };
}

async function readTask(graph: Graph, { task, test, pairsPerBoard, options }: EvaluateFilesRequest): Promise<Task> {
  if (task === 'board') return boardTask(graph, await readTestPairs(test, ['board_id']));
  if (task === 'user') return userTask(graph, await readTestPairs(test, ['user_id']));
  const pairs = await readTestPairs(test, ['query_pin_id', 'board_id']);
  if (pairs.column === 'query_pin_id') return relatedTask(graph, pairs);
  assertUnseen(graph, pairs);
  return relatedTask(graph, drawPairs(pairs, { pairsPerBoard, seed: options.seed }));
}
