import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Vocabulary } from '../src/data/vocabulary.js';
import { BoardwalkError } from '../src/errors.js';
import type { EdgeBatch } from '../src/graph/live/batches.js';
import type { LiveGraph } from '../src/graph/live/live-graph.js';
import type { LiveView } from '../src/graph/live/live-view.js';
import { openLiveGraph } from '../src/graph/live/open-live-graph.js';
import { writeGraph } from '../src/graph/write.js';
import { type Random, random } from '../src/random.js';
import { importancePoolingDefaults } from '../src/sampling/kernel.js';
import { walkPool } from '../src/sampling/pool.js';
import { sharedNeighbourhoods } from '../src/sampling/shared-arrays.js';
import { threadSeconds } from './thread-clock.js';
import { powerLawGraph, powerLawGraphDefaults } from './fixtures/power-law-graph.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf } from './machine.js';

export interface DeltaBenchmarkOptions {
  /** Share of the full graph of 1 M pins, 200 k boards and 20 M edges; BOARDWALK_BENCH_SCALE by default. */
  scale: number;
  rounds: number;
  /** Length of a window, in seconds; a round is one without writing and one with. */
  window: number;
}

const log = (line: string): void => console.error(line);

/** Edges in one batch, and batches on their way at a time. */
const batchEdges = 8_192;
const together = 4;
/** Edges made ready for one window; it ends early when they are used up. */
const windowEdges = 1_250_000;

const walk = { ...importancePoolingDefaults, neighbours: 50, steps: 200 };

interface Sizes {
  pins: number;
  boards: number;
}

const pinId = (pin: number): string => `pin-${String(pin).padStart(7, '0')}`;
const boardId = (board: number): string => `board-${String(board).padStart(6, '0')}`;

async function writeBase(directory: string, scale: number): Promise<Sizes> {
  const part = (whole: number): number => Math.max(1, Math.round(whole * scale));
  const { pins, boards, edges, communities } = powerLawGraphDefaults;
  const sizes = { pins: part(pins), boards: part(boards) };
  const noAttributes = { names: [], get: () => null };
  await writeGraph(directory, {
    id: 'generated',
    topology: powerLawGraph({ ...sizes, edges: part(edges), communities: part(communities) }),
    pins: new Vocabulary(Array.from({ length: sizes.pins }, (_, pin) => pinId(pin))),
    boards: new Vocabulary(Array.from({ length: sizes.boards }, (_, board) => boardId(board))),
    pinAttributes: noAttributes,
    boardAttributes: noAttributes,
    features: [],
    edges: {},
    relations: [],
  });
  return sizes;
}

/** Batches as a caller has them who has just read them from JSON; popular pins come often, and 1 pin in 100 is new. */
function batchesOf(count: number, { pins, boards }: Sizes, source: Random): EdgeBatch[] {
  return Array.from({ length: count }, () => {
    const batch = {
      boardIds: Array.from({ length: batchEdges }, () => boardId(source.below(boards))),
      pinIds: Array.from({ length: batchEdges }, () =>
        source.below(100) === 0
          ? `new ${source.uint32() % (pins / 10)}`
          : pinId(Math.floor(pins * source.float() ** 2.2)),
      ),
    };
    return JSON.parse(JSON.stringify(batch)) as EdgeBatch;
  });
}

interface Rate {
  /** By the clock on the wall. */
  wall: number;
  /** For each second that the thread ran: what a core of its own would give. */
  thread: number;
}

/** Sends batches until the time is up; gives edges a second. */
async function write(live: LiveGraph, batches: readonly EdgeBatch[], seconds: number): Promise<Rate> {
  const [started, ran] = [performance.now(), threadSeconds()];
  const waiting: Promise<unknown>[] = [];
  let sent = 0;
  for (const batch of batches) {
    if (performance.now() - started > 1000 * seconds) break;
    waiting.push(live.addEdges(batch));
    sent += batchEdges;
    if (waiting.length >= together) await waiting.shift();
  }
  await Promise.all(waiting);
  return { wall: (1000 * sent) / (performance.now() - started), thread: sent / (threadSeconds() - ran) };
}

interface WalkingThread {
  /** Seeds a second while some work goes on. */
  rateDuring(work: Promise<unknown>): Promise<Rate>;
  end(): Promise<unknown>;
}

/** A thread that walks until it is ended. */
function walkingThread({ topology }: LiveView, seeds: Uint32Array): WalkingThread {
  const progress = new Float64Array(new SharedArrayBuffer(16));
  const file = new URL('./walking-thread.js', import.meta.url);
  const thread = new Worker(file, { workerData: { topology, seeds, progress } });
  return {
    async rateDuring(work) {
      const [walked, ran] = progress;
      const started = performance.now();
      await work;
      const seconds = (performance.now() - started) / 1000;
      return { wall: (progress[0] - walked) / seconds, thread: (progress[0] - walked) / (progress[1] - ran) };
    },
    end: () => thread.terminate(),
  };
}

/** Edges that come while a thread walks, durable when they are answered for; and what that costs the walks. */
export async function run(options: Partial<DeltaBenchmarkOptions> = {}): Promise<BenchmarkResult> {
  const { scale = Number(process.env.BOARDWALK_BENCH_SCALE ?? 1), rounds = 7, window = 2 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-delta-'));
  try {
    const directory = join(folder, 'graph');
    const sizes = await writeBase(directory, scale);
    // Room for all that is added, so that no compaction comes between.
    const room = { edges: Math.ceil(scale * 30_000_000) + 4 * (rounds + 1) * windowEdges };
    const live = await openLiveGraph(directory, { compactBelow: 0, room });
    log(machine());
    log(`${sizes.pins} pins, ${sizes.boards} boards, ${live.edges} edges; ${rounds} rounds of ${window} s each way`);
    const result: BenchmarkResult = { ratios: {}, figures: { ...sizes, edges: live.edges } };
    await measureWriting(live, sizes, { rounds, window }, result);
    await measureVisibility(live, result);
    await measureCompaction(live, result);
    await live.close();
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureWriting(
  live: LiveGraph,
  sizes: Sizes,
  { rounds, window }: { rounds: number; window: number },
  { ratios, figures }: BenchmarkResult,
): Promise<void> {
  const source = random(11);
  const seeds = Uint32Array.from({ length: 1 << 20 }, () => source.below(sizes.pins));
  const walking = walkingThread(live.view, seeds);
  const rates: Rate[] = [];
  const slowdowns: Rate[] = [];
  // The first round is warm-up.
  for (let round = 0; round <= rounds; round++) {
    const batches = batchesOf(Math.ceil(windowEdges / batchEdges), sizes, source);
    const idle = await walking.rateDuring(pause(1000 * window));
    const writing = write(live, batches, window);
    const busy = await walking.rateDuring(writing);
    if (round === 0) continue;
    rates.push(await writing);
    slowdowns.push({ wall: 1 - busy.wall / idle.wall, thread: 1 - busy.thread / idle.thread });
  }
  await walking.end();
  for (const [clock, text] of [
    ['thread', 'for each second that its thread ran'],
    ['wall', 'by the clock on the wall'],
  ] as const) {
    const edges = spreadOf(rates.map((rate) => rate[clock]));
    const slowed = spreadOf(slowdowns.map((rate) => rate[clock]));
    log(`edges in, durable, a walking thread beside, ${text}: ${shownSpread(edges, 'edges/s')}`);
    log(
      `walks slowed by, ${text}: ${(100 * slowed.median).toFixed(1)}% (${(100 * slowed.min).toFixed(1)} to ${(100 * slowed.max).toFixed(1)})`,
    );
    figures[`delta_edges_per_second_${clock}`] = edges;
    figures[`walks_slowed_by_${clock}`] = slowed;
  }
  ratios.delta_edges_per_second = spreadOf(rates.map(({ thread }) => thread)).median;
  ratios.walks_slowed_by = spreadOf(slowdowns.map(({ thread }) => thread)).median;
}

/** From the moment that an edge is sent until each of two threads has walked it. */
async function measureVisibility(live: LiveGraph, { figures }: BenchmarkResult): Promise<void> {
  const pool = walkPool(live.view.topology, { threads: 2 });
  const times: number[] = [];
  for (let round = 0; round <= 50; round++) {
    const sent = performance.now();
    await live.addEdges({ boardIds: [boardId(round)], pinIds: [`just now ${round}`] });
    const seeds = Uint32Array.of(live.view.pins.indexOf(`just now ${round}`));
    const look = async (): Promise<boolean> => {
      const into = sharedNeighbourhoods(1, walk.neighbours);
      await pool.run('importance', { seeds, options: walk, into });
      return into.weights[0] > 0;
    };
    const seen = await Promise.all([look(), look()]);
    if (seen.includes(false)) throw new BoardwalkError('mismatch', 'A walk did not see an edge that was accepted.');
    if (round > 0) times.push(performance.now() - sent);
  }
  await pool.close();
  log(`from sent to walked in two threads: ${shownSpread(spreadOf(times), 'ms')}`);
  figures.sent_to_walked_ms = spreadOf(times);
}

async function measureCompaction(live: LiveGraph, { figures }: BenchmarkResult): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  await live.compact();
  figures.compaction_seconds = (performance.now() - started) / 1000;
  figures.compaction_longest_pause_ms = delay.max / 1e6;
  delay.disable();
  log(
    `compaction to ${live.edges} edges: ${Number(figures.compaction_seconds).toFixed(1)} s in the background, ` +
      `the longest pause of this thread ${Number(figures.compaction_longest_pause_ms).toFixed(0)} ms`,
  );
}
