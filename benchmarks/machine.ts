import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { toolVersion } from '../src/package-root.js';

/** What every benchmark hands back; with `--json` it is printed as one object. */
export interface BenchmarkResult {
  /** Ours against the reference, above 1 where ours is better. */
  ratios: Record<string, number>;
  figures: Record<string, unknown>;
}

/** What a kept result says of its run. */
export function runRecord(started: Date) {
  return {
    date: started.toISOString(),
    commit: commit(),
    version: toolVersion(),
    machine: {
      cpu: cpus()[0]?.model,
      threads: availableParallelism(),
      memory_gib: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
    },
  };
}

/** Keeps a result with the record of its run as `NAME-DATE.json`, by default where BOARDWALK_BENCH_RESULTS says, if it does. */
export function keepResult(
  name: string,
  started: Date,
  result: object,
  folder = process.env.BOARDWALK_BENCH_RESULTS,
): void {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${started.toISOString().slice(0, 10)}.json`);
  writeFileSync(path, `${JSON.stringify({ ...runRecord(started), ...result }, null, 2)}\n`);
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** The machine in words. */
export function machine(): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, ${gibibytes} GiB, Node ${process.versions.node}`;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0], median: sorted[sorted.length >> 1], max: sorted[sorted.length - 1] };
}

/** Wall and CPU seconds (all threads of this process) of some work. */
export async function timed(work: () => Promise<unknown> | void): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6 };
}

export function shownSpread({ min, median, max }: Spread, unit: string): string {
  const digits = max < 100 ? 2 : 0;
  return `${median.toFixed(digits)} ${unit} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}
