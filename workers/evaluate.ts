import { workerData } from 'node:worker_threads';
import {
  type MeasuredBlock,
  type MeasureParts,
  type MeasureTask,
  measurer,
  recommenderMethod,
} from '../src/evaluation/measure.js';

const parts = workerData as MeasureParts;

const measure = measurer(parts, async () => {
  const { openRecommender } = await import('../src/registry/open-recommender.js');
  const { recommender } = await openRecommender(parts.directories!.graph, parts.directories!.model);
  return recommenderMethod(recommender);
});

export function block(task: MeasureTask): Promise<MeasuredBlock> {
  return measure(task);
}
