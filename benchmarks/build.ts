import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBDataChunk, UINTEGER } from '@duckdb/node-api';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { literal, withDatabase } from '../src/data/database.js';
import { rowOfEachEdge } from '../src/graph/adjacency.js';
import { buildGraph } from '../src/graph/build.js';
import { foldEdges } from '../src/graph/fold-edges.js';
import { random } from '../src/random.js';
import { powerLawGraph, powerLawGraphDefaults } from './fixtures/power-law-graph.js';
import { edgeTimeRatios, keepResults, measureScale } from './build-scale.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf, timed } from './machine.js';

export interface BuildBenchmarkOptions {
  /** Share of the full graph of 1 M pins, 200 k boards and 20 M edges; BOARDWALK_BENCH_SCALE by default, else 0.1. */
  scale: number;
  rounds: number;
  /** Of our whole process, and of the reference's database. */
  memory: string;
  /** Rows of the generated edge files that are built in processes of their own; BOARDWALK_BENCH_EDGES by default. */
  sizes: readonly number[];
}

const log = (line: string): void => console.error(line);

interface Edges {
  boards: Uint32Array;
  pins: Uint32Array;
}

/** The generated edges in random order, as a file would have them. */
function shuffledEdges(scale: number): Edges & { pinCount: number; boardCount: number } {
  const { pins, boards, edges, communities } = powerLawGraphDefaults;
  const part = (whole: number): number => Math.max(1, Math.round(whole * scale));
  const sizes = { pins: part(pins), boards: part(boards), edges: part(edges), communities: part(communities) };
  const topology = powerLawGraph(sizes);
  const list = { boards: rowOfEachEdge(topology.boards), pins: topology.boards.neighbours };
  const source = random(3);
  for (let i = list.pins.length - 1; i > 0; i--) {
    const j = source.below(i + 1);
    [list.boards[i], list.boards[j]] = [list.boards[j], list.boards[i]];
    [list.pins[i], list.pins[j]] = [list.pins[j], list.pins[i]];
  }
  return { ...list, pinCount: sizes.pins, boardCount: sizes.boards };
}

async function loadEdges(connection: DuckDBConnection, { boards, pins }: Edges): Promise<void> {
  await connection.run('CREATE TABLE edges (board UINTEGER, pin UINTEGER)');
  const appender = await connection.createAppender('edges');
  for (let from = 0; from < boards.length; from += 2048) {
    const rows = Math.min(2048, boards.length - from);
    const chunk = DuckDBDataChunk.create([UINTEGER, UINTEGER], rows);
    chunk.setColumnValues(0, Array.from(boards.subarray(from, from + rows)));
    chunk.setColumnValues(1, Array.from(pins.subarray(from, from + rows)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** The plain way to the same: number the ids, join, fold and order in the database, both directions written. */
async function referenceBuild(file: string, out: string, memory: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  await withDatabase({ memory, spill: join(out, 'spill') }, async (connection) => {
    await connection.run(`CREATE TABLE raw AS SELECT board_id, pin_id FROM ${literal(file)}`);
    for (const side of ['board', 'pin'])
      await connection.run(
        `CREATE TABLE ${side}s AS SELECT ${side}_id, row_number() OVER (ORDER BY ${side}_id) - 1 AS ${side}
         FROM (SELECT DISTINCT ${side}_id FROM raw)`,
      );
    await connection.run(
      'CREATE TABLE edges AS SELECT DISTINCT board, pin FROM raw JOIN boards USING (board_id) JOIN pins USING (pin_id)',
    );
    for (const order of ['board, pin', 'pin, board'])
      await connection.run(
        `COPY (SELECT * FROM edges ORDER BY ${order}) TO ${literal(join(out, `${order[0]}.parquet`))} (FORMAT parquet)`,
      );
  });
  rmSync(out, { recursive: true, force: true });
}

/** Our build against the same done in SQL, and our counting sort against ORDER BY, on one generated graph. */
export async function run(given: Partial<BuildBenchmarkOptions> = {}): Promise<BenchmarkResult> {
  const scale = given.scale ?? Number(process.env.BOARDWALK_BENCH_SCALE ?? 0.1);
  const { rounds = 3, memory = process.env.BOARDWALK_BENCH_MEMORY ?? '4GB' } = given;
  const sizes = given.sizes ?? (process.env.BOARDWALK_BENCH_EDGES ?? '2000000,20000000').split(',').map(Number);
  const edges = shuffledEdges(scale);
  const count = edges.pins.length;
  log(machine());
  log(
    `${edges.pinCount} pins, ${edges.boardCount} boards, ${count} edges from Parquet, memory limit ${memory}, ${rounds} rounds`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-bench-'));
  const file = join(folder, 'edges.parquet');
  const ours: number[] = [];
  const theirs: number[] = [];
  const ourSort: number[] = [];
  const theirSort: number[] = [];
  const cpu: number[] = [];
  const theirCpu: number[] = [];
  let graph = '';
  let peak = 0;
  try {
    await withDatabase({ memory, spill: join(folder, 'spill') }, async (connection) => {
      await loadEdges(connection, edges);
      await connection.run(
        `COPY (SELECT 'board-' || board AS board_id, 'pin-' || pin AS pin_id FROM edges) TO ${literal(file)} (FORMAT parquet)`,
      );
      // One round of each before those that count; both sides of a round run within the same minute.
      for (let round = -1; round < rounds; round++) {
        const build = await timed(async () => {
          graph = (await buildGraph({ edges: [file], out: join(folder, 'graph'), memory, force: true })).manifest.id;
        });
        if (round < 0) peak = process.resourceUsage().maxRSS * 1024;
        const reference = await timed(() => referenceBuild(file, join(folder, 'reference'), memory));
        const sort = await timed(() => {
          sink += foldEdges(edges, {}, edges.pinCount, edges.boardCount).topology.pins.neighbours[0];
        });
        const orderBy = await timed(async () => {
          await connection.run(
            'CREATE OR REPLACE TABLE by_board AS SELECT DISTINCT board, pin FROM edges ORDER BY board, pin',
          );
          await connection.run(
            'CREATE OR REPLACE TABLE by_pin AS SELECT DISTINCT board, pin FROM edges ORDER BY pin, board',
          );
        });
        if (round < 0) continue;
        ours.push(build.wall);
        cpu.push(build.cpu);
        theirs.push(reference.wall);
        theirCpu.push(reference.cpu);
        ourSort.push(sort.wall);
        theirSort.push(orderBy.wall);
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  log(`build       ${shownSpread(spreadOf(ours), 's')}, ${shownSpread(spreadOf(cpu), 'CPU s')}, graph ${graph}`);
  log(`plain SQL   ${shownSpread(spreadOf(theirs), 's')}, ${shownSpread(spreadOf(theirCpu), 'CPU s')}`);
  log(`fold sort   ${shownSpread(spreadOf(ourSort), 's')}`);
  log(`ORDER BY    ${shownSpread(spreadOf(theirSort), 's')}`);
  log(`peak memory of the first build, generated edges included: ${(peak / 2 ** 20).toFixed(0)} MiB`);
  const data = process.env.BOARDWALK_BENCH_DATA;
  const builds = await measureScale({ sizes, memory, rounds, ...(data && { data }) });
  const ratios = {
    ...edgeTimeRatios(builds),
    'build/sql': spreadOf(theirs).min / spreadOf(ours).min,
    'build/sql_cpu': spreadOf(theirCpu).min / spreadOf(cpu).min,
    'sort/order_by': spreadOf(theirSort).min / spreadOf(ourSort).min,
  };
  for (const [name, ratio] of Object.entries(ratios))
    log(`${name}: ${ratio.toFixed(2)}${name.startsWith('edge') ? '' : ' times as fast'}`);
  if (process.env.BOARDWALK_BENCH_RESULTS) keepResults(process.env.BOARDWALK_BENCH_RESULTS, memory, builds);
  return {
    ratios,
    figures: {
      machine: machine(),
      pins: edges.pinCount,
      boards: edges.boardCount,
      edges: count,
      build_seconds: spreadOf(ours),
      build_cpu_seconds: spreadOf(cpu),
      sql_seconds: spreadOf(theirs),
      sql_cpu_seconds: spreadOf(theirCpu),
      sort_seconds: spreadOf(ourSort),
      order_by_seconds: spreadOf(theirSort),
      edges_per_second: count / spreadOf(ours).min,
      peak_bytes: peak,
      builds: builds.map((build) => ({ ...build, curve: undefined })),
      sink,
    },
  };
}

/** Keeps the sorts' results alive, so that none is optimised away. */
let sink = 0;
