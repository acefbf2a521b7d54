import { workerData } from 'node:worker_threads';
import { openTower, type TowerTask, type TowerWork } from '../src/training/towers/tower.js';

const perform = await openTower(workerData as TowerWork);

export function step(task: TowerTask): Promise<number> {
  return perform(task);
}
