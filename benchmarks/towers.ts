import { openBackend } from '../src/model/backends.js';
import type { BoardBatch } from '../src/training/epoch-batches.js';
import { towerTrainer } from '../src/training/towers/tower-trainer.js';
import { soleTrainer, type Trainer } from '../src/training/trainer.js';
import { raceSizes, type RaceSize, trainingSteps } from './fixtures/training-steps.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf } from './machine.js';

const log = (line: string): void => console.error(line);
const repeats = 5;
const steps = 6;
const towers = 2;

/** The same steps by one tower and by two, by turns, over batches that were made before: nothing else runs. */
export async function run(): Promise<BenchmarkResult> {
  log(machine());
  log((await openBackend('wasm')).description);
  const ratios: Record<string, number> = {};
  const figures: Record<string, number> = {};
  for (const size of Object.keys(raceSizes) as RaceSize[]) {
    log(`${size}:`);
    const { one, many, pairs } = await race(size);
    ratios[`two_towers_${size}`] = one / many;
    figures[`one_tower_${size}_ms`] = 1000 * one;
    figures[`two_towers_${size}_ms`] = 1000 * many;
    figures[`pairs_per_second_${size}`] = pairs / many;
  }
  return { ratios, figures };
}

/** The least seconds of a step by one tower and by many. */
async function race(size: RaceSize): Promise<{ one: number; many: number; pairs: number }> {
  const { data, batches, start } = await trainingSteps(raceSizes[size], steps);
  const trainers = { one: soleTrainer(data, start), many: towerTrainer(data, start, towers) };
  const walls = { one: [] as number[], many: [] as number[] };
  try {
    for (const trainer of Object.values(trainers)) await seconds(trainer, batches.slice(0, 2));
    for (let repeat = 0; repeat < repeats; repeat++) {
      walls.one.push((await seconds(trainers.one, batches)) / steps);
      walls.many.push((await seconds(trainers.many, batches)) / steps);
    }
  } finally {
    await trainers.one.close();
    await trainers.many.close();
  }
  const milliseconds = (each: readonly number[]): string =>
    shownSpread(spreadOf(each.map((value) => 1000 * value)), 'ms a step');
  log(`one tower: ${milliseconds(walls.one)}`);
  log(`${towers} towers: ${milliseconds(walls.many)}`);
  log(`faster by ${walls.one.map((one, i) => (one / walls.many[i]).toFixed(2)).join(', ')} times`);
  return { one: spreadOf(walls.one).min, many: spreadOf(walls.many).min, pairs: data.spec.batchSize };
}

async function seconds(trainer: Trainer, batches: readonly BoardBatch[]): Promise<number> {
  const started = performance.now();
  for (const batch of batches) await trainer.step(batch, 0.001);
  return (performance.now() - started) / 1000;
}
