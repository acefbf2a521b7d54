import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../progress.js';
import { buildGraph } from './build.js';
import type { GraphSize } from './graph-size.js';
import { openGraph } from './open.js';
import { writeSampleFiles } from './sample-files.js';

export interface Spent {
  seconds: number;
  cpuSeconds: number;
}

/** Time that grows with the work, and time that a program takes once, to get going. */
export interface Fitted {
  growing: Spent;
  once: Spent;
}

/** The first of two trials in a process runs code that is not compiled yet; the second runs what is. */
function fitted(first: Spent, second: Spent): Fitted {
  const growing = {
    seconds: Math.min(first.seconds, second.seconds),
    cpuSeconds: Math.min(first.cpuSeconds, second.cpuSeconds),
  };
  const once = { seconds: first.seconds - growing.seconds, cpuSeconds: first.cpuSeconds - growing.cpuSeconds };
  return { growing, once };
}

/** What it takes when the work is `factor` times as much. */
export function grown({ growing, once }: Fitted, factor: number): Spent {
  return {
    seconds: once.seconds + factor * growing.seconds,
    cpuSeconds: once.cpuSeconds + factor * growing.cpuSeconds,
  };
}

/** Times some work; call what it gives when the work is done. */
function stopwatch(): () => Spent {
  const started = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 };
  };
}

/** Keeps what every stage took. */
function stageTimes(times: Map<string, Spent>): Progress {
  return {
    note() {},
    stage(title) {
      const elapsed = stopwatch();
      return { update() {}, finish: () => void times.set(title.replace(/ from .*$/, ''), elapsed()) };
    },
  };
}

/** What opening is called beside the stages of a build. */
export const opening = 'opening';

/** Builds and opens the sample twice, in the way the whole will be built. */
export async function tryBuild(
  sample: GraphSize,
  onDisk: boolean,
  { memory, threads }: { memory: string; threads: number },
): Promise<Map<string, Fitted>> {
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-estimate-'));
  const out = join(folder, 'graph');
  try {
    const { edges, pins, boards } = await writeSampleFiles(folder, sample);
    const trial = async (): Promise<Map<string, Spent>> => {
      const times = new Map<string, Spent>();
      await buildGraph({
        memory,
        threads,
        edges: [edges],
        pins,
        boards,
        out,
        force: true,
        edgesInMemory: onDisk ? Math.ceil(sample.edges / 2) : sample.edges,
        progress: stageTimes(times),
      });
      const elapsed = stopwatch();
      await openGraph(out);
      return times.set(opening, elapsed());
    };
    const first = await trial();
    const second = await trial();
    return new Map(Array.from(first, ([stage, spent]) => [stage, fitted(spent, second.get(stage) ?? spent)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
