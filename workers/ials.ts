import { workerData } from 'node:worker_threads';
import { type IalsMemory, ialsSteps, type IalsTask } from '../src/candidates/ials-steps.js';

const steps = ialsSteps(workerData as IalsMemory);

export function perform({ step, side, from, to }: IalsTask): Float64Array | void {
  return steps[step](side, from, to);
}
