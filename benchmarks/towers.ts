import { openBackend } from '../src/model/backends.js';
import type { BoardBatch } from '../src/training/epoch-batches.js';
import { towerTrainer } from '../src/training/towers/tower-trainer.js';
import { soleTrainer, type Trainer } from '../src/training/trainer.js';
import { trainingSteps } from './fixtures/training-steps.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf } from './machine.js';

const log = (line: string): void => console.error(line);
const repeats = 5;
const steps = 6;
const towers = 2;

/**
 * The same steps by one tower and by two, by turns, over batches that were made before: nothing else runs. The
 * default model over 25,000 pins with 128 content columns.
 */
export async function run(): Promise<BenchmarkResult> {
  log(machine());
  log((await openBackend('wasm')).description);
  const { data, batches, start } = await trainingSteps({}, steps);
  const trainers = { one: soleTrainer(data, start), many: towerTrainer(data, start, towers) };
  const walls = { one: [] as number[], many: [] as number[] };
  const ratios: number[] = [];
  try {
    for (const trainer of Object.values(trainers)) await seconds(trainer, batches.slice(0, 2));
    for (let repeat = 0; repeat < repeats; repeat++) {
      const one = (await seconds(trainers.one, batches)) / steps;
      const many = (await seconds(trainers.many, batches)) / steps;
      walls.one.push(one);
      walls.many.push(many);
      ratios.push(one / many);
    }
  } finally {
    await trainers.one.close();
    await trainers.many.close();
  }
  const milliseconds = (each: readonly number[]): string =>
    shownSpread(spreadOf(each.map((value) => 1000 * value)), 'ms a step');
  log(`one tower: ${milliseconds(walls.one)}`);
  log(`${towers} towers: ${milliseconds(walls.many)}`);
  log(`${towers} towers are faster by ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')} times`);
  return {
    ratios: { two_towers: spreadOf(walls.one).min / spreadOf(walls.many).min },
    figures: {
      one_tower_ms: 1000 * spreadOf(walls.one).min,
      two_towers_ms: 1000 * spreadOf(walls.many).min,
      pairs_per_second: data.spec.batchSize / spreadOf(walls.many).min,
    },
  };
}

async function seconds(trainer: Trainer, batches: readonly BoardBatch[]): Promise<number> {
  const started = performance.now();
  for (const batch of batches) await trainer.step(batch, 0.001);
  return (performance.now() - started) / 1000;
}
