import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { keptTopology } from '../src/graph/adjacency.js';
import type { Graph, Topology } from '../src/graph/graph.js';
import { buildGraph } from '../src/graph/build.js';
import { withoutEdges } from '../src/graph/memory-graph.js';
import { openGraph } from '../src/graph/open.js';
import { type PinTopics, pinTopics } from '../src/graph/pin-topics.js';
import { capPins } from '../src/graph/prune-edges.js';
import { pruneDefaults, pruneEdges } from '../src/graph/prune.js';
import { heldOutPairs, holdOutEdges } from '../src/graph/split.js';
import {
  compareMeasures,
  walkQueries,
  walkRecall,
  walkRecallDefaults,
  type WalkMeasures,
  type WalkQueries,
} from '../src/pipeline/graphs/walk-recall.js';
import { type Progress, streamProgress } from '../src/progress.js';
import { random } from '../src/random.js';
import { preparedGraph } from './data/prepared-graph.js';
import { rowsOf } from './data/text-file.js';
import { type BenchmarkResult, machine, runRecord } from './machine.js';
import { figuresOf, type PruningReport, pruningTable, type PrunedRow } from './pruning-table.js';

const testFiles: Record<string, string> = { gowalla: 'test.tsv', 'citeulike-t': 'test_warm.tsv' };
const deltas = [0.5, 0.6, 0.7, 0.8, 0.9, 0.91, 0.95, 1];
const work = join('.boardwalk', 'quality');
const entropies = [0, 0.05, 0.1, 0.2];
const testedSettings = [
  { entropy: pruneDefaults.entropy, delta: pruneDefaults.delta },
  { entropy: 0, delta: 0.8 },
  { entropy: 0.1, delta: 0.91 },
];
const walks = { ...walkRecallDefaults, boards: 2_000 };

/** Recall of Pixie walks over graphs pruned more and more, against the whole graph and against chance. */
export async function run(): Promise<BenchmarkResult> {
  const { BOARDWALK_DATA } = process.env;
  const progress = streamProgress();
  progress.note(machine());
  const started = new Date();
  const sets: Record<string, PruningReport> = {};
  for (const [set, test] of Object.entries(testFiles)) {
    const source = BOARDWALK_DATA === undefined ? undefined : join(BOARDWALK_DATA, set);
    if (source === undefined || !existsSync(source)) {
      progress.note(`${set}: left out, for BOARDWALK_DATA names no folder that holds it`);
      continue;
    }
    const { graph: directory, files } = await preparedGraph(set, source, work);
    sets[set] = await measured(await openGraph(directory), progress, join(files, test));
    progress.note(pruningTable(set, sets[set]));
  }
  sets.debian = await measured(await bundledGraph(progress), progress);
  progress.note(pruningTable('debian', sets.debian));
  const results = join('benchmarks', 'results');
  mkdirSync(results, { recursive: true });
  const record = { ...runRecord(started), ...walks, sets };
  writeFileSync(
    join(results, `pruning-${started.toISOString().slice(0, 10)}.json`),
    `${JSON.stringify(record, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value), 2)}\n`,
  );
  return figuresOf(sets);
}

/** The sample that comes with the program: it has no test of its own. */
async function bundledGraph(progress: Progress): Promise<Graph> {
  const out = join(work, 'debian', 'graph');
  const file = (name: string): string => join('graph-data', 'debian', `${name}.parquet`);
  if (!existsSync(out))
    await buildGraph({ edges: [file('edges')], pins: file('pins'), boards: file('boards'), out, progress });
  return openGraph(out);
}

async function measured(graph: Graph, progress: Progress, testFile?: string): Promise<PruningReport> {
  const hidden = holdOutEdges(graph, { edgeFraction: 0.2, seed: walks.seed });
  const visible = withoutEdges(graph, hidden);
  const { topology } = visible;
  const queries = walkQueries(topology, heldOutPairs(graph, hidden), walks);
  const { source, topics } = pinTopics(visible);
  const whole = walkRecall(topology, queries, walks);
  const grid: PrunedRow[] = [];
  const chance: PrunedRow[] = [];
  const stage = progress.stage('walking', entropies.length * deltas.length);
  const row = (keep: Uint8Array, entropy: number, delta: number): PrunedRow => {
    stage.update(grid.length);
    return rowOf(topology, keep, { entropy, delta }, queries, whole);
  };
  for (const entropy of entropies)
    for (const delta of deltas)
      grid.push(row(pruneEdges(topology, { topics }, { ...pruneDefaults, entropy, delta }).keep, entropy, delta));
  for (const delta of deltas) {
    const keep = new Uint8Array(topology.boards.neighbours.length).fill(1);
    const stream = random(walks.seed, 2);
    capPins(
      topology,
      Float32Array.from(keep, () => stream.float()),
      delta,
      keep,
    );
    chance.push(row(keep, 0, delta));
  }
  stage.finish();
  return {
    edges: topology.boards.neighbours.length,
    ks: walks.ks,
    topics: { source, count: topics.count },
    boards: queries.known.length,
    steps: walks.steps,
    grid,
    chance,
    test: testFile === undefined ? [] : await tested(graph, pinTopics(graph), testFile),
  };
}

function rowOf(
  topology: Topology,
  keep: Uint8Array,
  chosen: { entropy: number; delta: number },
  queries: WalkQueries,
  whole: WalkMeasures,
): PrunedRow {
  const pruned = keptTopology(topology, (_, edge) => keep[edge] === 1);
  const edges = pruned.boards.neighbours.length / keep.length;
  return { ...chosen, edges, measures: compareMeasures(whole, walkRecall(pruned, queries, walks)) };
}

async function tested({ topology, boards: vocabulary, pins: catalogue }: Graph, { topics }: PinTopics, file: string) {
  const [boards, pins]: [number[], number[]] = [[], []];
  for await (const [board, pin] of rowsOf(dirname(file), basename(file))) {
    const index = vocabulary.indexOf(board);
    if (index < 0) continue;
    boards.push(index);
    const known = catalogue.indexOf(pin);
    // One that is not in the graph stays among those to be found, as a pin that nothing reaches.
    pins.push(known < 0 ? catalogue.size + pins.length : known);
  }
  const wanted = { boards: Uint32Array.from(boards), pins: Uint32Array.from(pins) };
  const queries = walkQueries(topology, wanted, walks);
  const whole = walkRecall(topology, queries, walks);
  return testedSettings.map((chosen) => {
    const { keep } = pruneEdges(topology, { topics }, { ...pruneDefaults, ...chosen });
    return rowOf(topology, keep, chosen, queries, whole);
  });
}
