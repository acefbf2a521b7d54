import { BoardwalkError } from '../errors.js';
import { rowCount, type WalkedGraph } from '../graph/walk-rows.js';
import { type Progress, silentProgress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import { type ImportancePoolingOptions, importancePoolingDefaults, type Neighbourhoods } from './kernel.js';
import type { WalkPool } from './pool.js';
import { sharedNeighbourhoods } from './shared-arrays.js';
import { countLimit } from './visit-table.js';

/** About 20 ms of walking at the default options, against 0.3 ms that a task costs. */
const seedsPerTask = 1024;

/** Tasks that walks from so many seeds are shared out in: more threads have nothing to do. */
export function importanceTasks(seeds: number): number {
  return Math.ceil(seeds / seedsPerTask);
}

/**
 * The importance neighbourhoods of the given pins, walked by the pool's threads straight into shared
 * memory. Equal for equal seed, epoch and graph, whatever the number of threads.
 */
export async function importanceNeighbourhoods(
  pool: WalkPool<WalkedGraph>,
  seeds: Uint32Array,
  options: Partial<ImportancePoolingOptions> = {},
  progress: Progress = silentProgress,
): Promise<Neighbourhoods> {
  const settings = withDefaults(importancePoolingDefaults, options);
  checkImportancePooling(settings);
  checkPins(seeds, pool);
  const { neighbours: size } = settings;
  const result = sharedNeighbourhoods(seeds.length, size);
  const stage = progress.stage('walking to neighbours', seeds.length);
  let done = 0;
  const walk = async (from: number): Promise<void> => {
    const to = Math.min(from + seedsPerTask, seeds.length);
    const into = {
      size,
      neighbours: result.neighbours.subarray(from * size, to * size),
      weights: result.weights.subarray(from * size, to * size),
    };
    await pool.run('importance', { seeds: seeds.slice(from, to), options: settings, into });
    done += to - from;
    stage.update(done);
  };
  const starts = Array.from({ length: importanceTasks(seeds.length) }, (_, task) => task * seedsPerTask);
  await Promise.all(starts.map(walk));
  stage.finish(`${seeds.length.toLocaleString('en-US')} pins`);
  return result;
}

/** The importance neighbourhoods of every pin of the pool's graph: row i belongs to pin i. */
export function allNeighbourhoods(
  pool: WalkPool<WalkedGraph>,
  options: Partial<ImportancePoolingOptions> = {},
  progress: Progress = silentProgress,
): Promise<Neighbourhoods> {
  const pinCount = rowCount(pool.topology.pins);
  const everyPin = Uint32Array.from({ length: pinCount }, (_, pin) => pin);
  return importanceNeighbourhoods(pool, everyPin, options, progress);
}

function badWalk(field: keyof ImportancePoolingOptions, rule: string, value: number): BoardwalkError {
  return new BoardwalkError('bad_option', `The walks' ${field} must be ${rule}, not ${value}.`, { field });
}

function checkImportancePooling({ neighbours, steps, restart }: ImportancePoolingOptions): void {
  if (!Number.isInteger(neighbours) || neighbours < 1)
    throw badWalk('neighbours', 'a whole number above 0', neighbours);
  if (!Number.isInteger(steps) || steps < 1 || steps >= countLimit)
    throw badWalk('steps', `a whole number from 1 to ${countLimit - 1}`, steps);
  if (!(restart >= 0 && restart <= 1)) throw badWalk('restart', 'a probability from 0 to 1', restart);
}

function checkPins(pins: Uint32Array, { topology }: WalkPool<WalkedGraph>): void {
  const pinCount = rowCount(topology.pins);
  for (const pin of pins)
    if (pin >= pinCount)
      throw new BoardwalkError('unknown_pin', `Pin ${pin} is not one of the graph's ${pinCount} pins.`);
}
