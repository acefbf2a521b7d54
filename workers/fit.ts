import { type FitResult, type FitTask, performFits } from '../src/pipeline/fit/fit-task.js';

export function perform(task: FitTask): Promise<FitResult> {
  return performFits(task);
}
