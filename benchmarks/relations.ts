import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embedPins } from '../src/embedding/embed-pins.js';
import { BoardwalkError } from '../src/errors.js';
import { boardTask } from '../src/evaluation/tasks.js';
import type { TestPairs } from '../src/evaluation/test-pairs.js';
import type { EdgeList } from '../src/graph/adjacency.js';
import type { Graph } from '../src/graph/graph.js';
import { memoryGraph, withoutEdges } from '../src/graph/memory-graph.js';
import { relate } from '../src/graph/relate.js';
import { heldOutPairs, holdOutEdges } from '../src/graph/split.js';
import { type Backend, openBackend } from '../src/model/backends.js';
import type { PartialPinSageSpec } from '../src/model/spec.js';
import { suitedSpec } from '../src/pipeline/spec/suited-spec.js';
import { validationHoldout } from '../src/pipeline/holdout/validation-holdout.js';
import { streamProgress } from '../src/progress.js';
import { trainPinSage } from '../src/training/train-pinsage.js';
import { judged } from './ablation/judge.js';
import { summaryOf } from './ablation/table.js';
import { liked } from './data/ml-100k.js';
import { rowsOf } from './data/text-file.js';
import { type BenchmarkResult, keepResult, machine } from './machine.js';

const { BOARDWALK_ML100K, BOARDWALK_RELATION_SEEDS = '1,2,3' } = process.env;
const relationSets: Record<string, readonly string[]> = {
  'saves alone': [],
  'with what was seen and not liked': ['seen'],
  'with genres': ['genres'],
  'with both': ['genres', 'seen'],
};
const aggregators: PartialPinSageSpec['aggregator'][] = ['linear', 'convolution'];

interface Outcome {
  readonly seed: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly cpuSeconds: number;
}

/**
 * What other bipartite graphs are worth to PinSage: MovieLens 100k, where films rated 4 and 5 are a person's pins, with
 * the films that they rated lower and the films' genres as relations. Every setting trains by the product's own
 * defaults, its epoch is chosen on validation edges, and the test are other hidden edges.
 */
export async function run(): Promise<BenchmarkResult> {
  if (!BOARDWALK_ML100K)
    throw new BoardwalkError(
      'bad_option',
      'Set BOARDWALK_ML100K to a folder with ml-100k.inter and ml-100k.item, as RecBole brings them.',
      { field: 'BOARDWALK_ML100K' },
    );
  const started = new Date();
  const progress = streamProgress();
  const backend = await openBackend('wasm');
  progress.note(`${machine()}; ${backend.description}`);
  const graph = await films(BOARDWALK_ML100K);
  const outcomes: Record<string, Outcome[]> = {};
  for (const seed of BOARDWALK_RELATION_SEEDS.split(',').map(Number))
    for (const aggregator of aggregators)
      for (const [name, kept] of Object.entries(relationSets)) {
        const related = { ...graph, relations: graph.relations.filter((relation) => kept.includes(relation.name)) };
        const outcome = await tried(related, { ...(aggregator && { aggregator }) }, seed, backend);
        (outcomes[`${aggregator}, ${name}`] ??= []).push(outcome);
        progress.note(`seed ${seed}, ${aggregator}, ${name}: ${JSON.stringify(outcome)}`);
      }
  const means = Object.entries(outcomes).map(([name, each]) => {
    const { mean, deviation = 0 } = summaryOf(each.map(({ figures }) => figures['test/recall@20']));
    progress.note(`${name}: recall@20 ${mean.toFixed(4)} ± ${deviation.toFixed(4)}`);
    return [name, mean] as const;
  });
  const { BOARDWALK_BENCH_RESULTS: results = join('benchmarks', 'results') } = process.env;
  keepResult('relations', started, { outcomes }, results);
  const figures = Object.fromEntries(means);
  const alone = (name: string): number => figures[`${name.split(',')[0]}, saves alone`];
  return { ratios: Object.fromEntries(means.map(([name, mean]) => [name, mean / alone(name)])), figures };
}

/** People's liked films, with what they liked less and the films' genres as relations. */
async function films(folder: string): Promise<Graph> {
  const [likes, seen, genres]: [string, string][][] = [[], [], []];
  for await (const [user, film, rating] of rowsOf(folder, 'ml-100k.inter'))
    (Number(rating) >= liked ? likes : seen).push([user, film]);
  for await (const [film, , , classes = ''] of rowsOf(folder, 'ml-100k.item'))
    for (const genre of classes.split(' ').filter(Boolean)) genres.push([genre, film]);
  return relate(relate(graphOf(likes), 'seen', graphOf(seen)).graph, 'genres', graphOf(genres)).graph;
}

function graphOf(edges: readonly (readonly [string, string])[]): Graph {
  const boards = [...new Set(edges.map(([board]) => board))].sort();
  const pins = [...new Set(edges.map(([, pin]) => pin))].sort();
  const numbered = (ids: readonly string[]) => new Map(ids.map((id, index) => [id, index]));
  const [boardOf, pinOf] = [numbered(boards), numbered(pins)];
  const list: EdgeList = {
    boards: Uint32Array.from(edges, ([board]) => boardOf.get(board) as number),
    pins: Uint32Array.from(edges, ([, pin]) => pinOf.get(pin) as number),
  };
  return memoryGraph({ pins, boards, edges: list });
}

async function tried(graph: Graph, asked: PartialPinSageSpec, seed: number, backend: Backend): Promise<Outcome> {
  const hidden = holdOutEdges(graph, { edgeFraction: 0.2, seed });
  const known = withoutEdges(graph, hidden);
  const spec = suitedSpec(known, { pinsage: asked });
  const { pinsage } = spec;
  const holdout = validationHoldout(known, spec, seed);
  const directory = mkdtempSync(join(tmpdir(), 'boardwalk-relations-'));
  const options = { spec: pinsage, backend, seed, directory, threads: 0, validation: holdout.hidden };
  try {
    const before = process.cpuUsage();
    const model = await trainPinSage(holdout.graph, options);
    const { user, system } = process.cpuUsage(before);
    const vectors = await embedPins(known, model, { backend, seed, threads: 0 });
    const { cases } = boardTask(known, pairsOf(graph, heldOutPairs(graph, hidden)));
    const ranked = { vectors, dimension: pinsage.dimension, cold: new Uint32Array(0) };
    return { seed, figures: judged(ranked, { test: { task: 'board', cases } }, 0), cpuSeconds: (user + system) / 1e6 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function pairsOf(graph: Graph, { boards, pins }: EdgeList): TestPairs {
  return {
    from: Array.from(boards, (board) => graph.boards.id(board)),
    pins: Array.from(pins, (pin) => graph.pins.id(pin)),
  };
}
