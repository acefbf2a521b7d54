import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesOf } from '../src/data/byte-size.js';
import type { GraphEstimate } from '../src/pipeline/graphs/estimate-graph.js';
import { memoryCurveSvg } from './fixtures/memory-curve.js';
import { measuredProcess } from './fixtures/measured-process.js';
import { type PinBoardFiles, pinBoardSizes, writePinBoardFiles } from './fixtures/pin-board-files.js';
import { machine } from './machine.js';

export interface ScaleOptions {
  /** Rows of the edge files, from few to many. */
  sizes: readonly number[];
  /** `--memory` of every build. */
  memory: string;
  /** Builds of each size but the largest, which is built once; the fastest counts. */
  rounds: number;
  /** Where generated files are kept and found again; a temporary folder without one. */
  data?: string;
}

export interface ScaledBuild {
  edges: number;
  pins: number;
  boards: number;
  graph: string;
  wall_seconds: number;
  cpu_seconds: number;
  microseconds_per_edge: number;
  cpu_microseconds_per_edge: number;
  peak_bytes: number;
  /** [second, MiB] of the build that counts. */
  curve: [number, number][];
  open_seconds: number;
  open_bytes: number;
  /** Importance neighbourhoods of one thread. */
  walks_per_cpu_second: number;
  /** What `inspect --estimate` said before, over what then happened, less one. */
  estimate_errors: Record<string, number>;
}

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));
const opened = fileURLToPath(new URL('./fixtures/opened-graph.js', import.meta.url));
const log = (line: string): void => console.error(line);

async function filesOf(edges: number, folder: string): Promise<PinBoardFiles> {
  const at = (name: string): string => join(folder, `${name}.parquet`);
  const files = { edges: at('edges'), pins: at('pins'), boards: at('boards') };
  // The boards are written last.
  return existsSync(files.boards) ? files : writePinBoardFiles(folder, pinBoardSizes(edges));
}

type Build = Omit<ScaledBuild, 'open_seconds' | 'open_bytes' | 'walks_per_cpu_second' | 'estimate_errors'>;

const inputsOf = (files: PinBoardFiles): string[] =>
  Object.entries(files).flatMap(([role, file]) => [`--${role}`, file]);

async function buildOnce(edges: number, files: PinBoardFiles, out: string, memory: string): Promise<Build> {
  const inputs = inputsOf(files);
  const words = [program, 'build', ...inputs, '--out', out, '--memory', memory, '--force', '--json'];
  const { stdout, wall, cpu, peak, curve } = await measuredProcess(words);
  const { id, pins, boards } = JSON.parse(stdout) as { id: string; pins: number; boards: number };
  return {
    edges,
    pins,
    boards,
    graph: id,
    wall_seconds: wall,
    cpu_seconds: cpu,
    microseconds_per_edge: (1e6 * wall) / edges,
    cpu_microseconds_per_edge: (1e6 * cpu) / edges,
    peak_bytes: peak,
    curve: curve.map(([second, bytes]) => [second, Math.round(bytes / 2 ** 20)]),
  };
}

/** Opens and walks what was built, and compares all of it with the estimate. */
async function judged(build: Build, out: string, estimate: GraphEstimate): Promise<ScaledBuild> {
  const { stdout } = await measuredProcess([opened, out]);
  const found = JSON.parse(stdout) as { openSeconds: number; openBytes: number; seedsPerCpuSecond: number };
  const error = (said: number, happened: number): number => said / happened - 1;
  return {
    ...build,
    open_seconds: found.openSeconds,
    open_bytes: found.openBytes,
    walks_per_cpu_second: found.seedsPerCpuSecond,
    estimate_errors: {
      build_seconds: error(estimate.build.seconds, build.wall_seconds),
      build_cpu_seconds: error(estimate.build.cpuSeconds, build.cpu_seconds),
      build_memory: error(estimate.build.memory, build.peak_bytes),
      open_seconds: error(estimate.open.seconds, found.openSeconds),
      open_memory: error(estimate.open.memory, found.openBytes),
      walks_per_second: error(estimate.walk.seedsPerSecond / estimate.walk.threads, found.seedsPerCpuSecond),
    },
  };
}

/** Builds generated graphs of several sizes, each in a process of its own whose memory is watched. */
export async function measureScale({ sizes, memory, rounds, data }: ScaleOptions): Promise<ScaledBuild[]> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'boardwalk-scale-'));
  mkdirSync(folder, { recursive: true });
  const builds: ScaledBuild[] = [];
  const out = join(folder, 'graph');
  try {
    for (const edges of sizes) {
      const files = await filesOf(edges, join(folder, String(edges)));
      const words = [program, 'inspect', '--estimate', ...inputsOf(files), '--memory', memory, '--json'];
      const estimate = JSON.parse((await measuredProcess(words)).stdout) as GraphEstimate;
      const found: Build[] = [];
      for (let round = 0; round < (edges === Math.max(...sizes) ? 1 : rounds); round++)
        found.push(await buildOnce(edges, files, out, memory));
      const best = found.reduce((a, b) => (b.wall_seconds < a.wall_seconds ? b : a));
      const build = await judged(best, out, estimate);
      builds.push(build);
      log(
        `${edges.toLocaleString('en-US')} edges: ${best.wall_seconds.toFixed(1)} s, ${best.cpu_seconds.toFixed(1)} CPU s, ` +
          `${best.microseconds_per_edge.toFixed(2)} µs an edge, peak ${(best.peak_bytes / 2 ** 20).toFixed(0)} MiB of --memory ${memory}`,
      );
      for (const [what, error] of Object.entries(build.estimate_errors))
        log(`  estimate of ${what.replaceAll('_', ' ')}: ${(100 * error).toFixed(0)}% off`);
    }
  } finally {
    rmSync(data === undefined ? folder : out, { recursive: true, force: true });
  }
  return builds;
}

/** Time per edge of the largest build over that of the smallest. */
export function edgeTimeRatios(builds: readonly ScaledBuild[]): Record<string, number> {
  const [small, large] = [builds[0], builds[builds.length - 1]];
  return {
    'edge_time_large/small': large.microseconds_per_edge / small.microseconds_per_edge,
    'edge_cpu_large/small': large.cpu_microseconds_per_edge / small.cpu_microseconds_per_edge,
  };
}

/** Writes figures and memory curves as JSON, and the largest build's curve as a drawing. */
export function keepResults(folder: string, memory: string, builds: readonly ScaledBuild[]): void {
  const path = join(folder, `build-${new Date().toISOString().slice(0, 10)}`);
  const largest = builds[builds.length - 1];
  const written = { machine: machine(), memory, ratios: edgeTimeRatios(builds), builds };
  writeFileSync(`${path}.json`, `${JSON.stringify(written)}\n`);
  const title = `Memory of a build of ${largest.edges.toLocaleString('en-US')} edges with --memory ${memory}`;
  writeFileSync(`${path}.svg`, memoryCurveSvg({ title, points: largest.curve, limit: bytesOf(memory) / 2 ** 20 }));
  log(`figures and curves in ${path}.json and .svg`);
}
