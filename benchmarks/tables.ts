import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex } from '../src/ann/exact.js';
import { HnswIndex, hnswAvailable } from '../src/ann/hnsw.js';
import { evenQuery } from '../src/candidates/candidate-source.js';
import { vectorSource } from '../src/candidates/vector-source.js';
import { degreesOf } from '../src/graph/graph.js';
import { openEmbeddingTable } from '../src/embedding/table-file.js';
import type { EmbeddingTable } from '../src/embedding/table.js';
import { bytesOf, packVectors, rowOf, unpackVectors, type VectorType, vectorTypes } from '../src/embedding/vectors.js';
import { BoardwalkError } from '../src/errors.js';
import type { Case } from '../src/evaluation/cases.js';
import { boardTask } from '../src/evaluation/tasks.js';
import { readTestPairs } from '../src/evaluation/test-pairs.js';
import { openGraph } from '../src/graph/open.js';
import { modelFiles } from '../src/registry/model-files.js';
import { readSummary } from '../src/registry/model.js';
import { random } from '../src/random.js';
import { type BenchmarkResult, keepResult, machine, timed } from './machine.js';

const log = (line: string): void => console.error(line);
const cutoffs = { first: 10, last: 100 };
const shownAt = 20;
const searches = 300;
/** Queries that are scored together. */
const blockSize = 16;

function named(variable: string): string {
  const path = process.env[variable];
  if (path) return path;
  throw new BoardwalkError(
    'bad_option',
    `Set ${variable}, BOARDWALK_BENCH_GRAPH, BOARDWALK_BENCH_MODEL and BOARDWALK_BENCH_TEST.`,
    {
      field: variable,
    },
  );
}

/**
 * What each type of table takes and loses: recall of board completion by the embeddings alone, beside float32
 * board by board. One cut-off is at the mercy of a few pins that change places, so the mean of recall over all
 * cut-offs from 10 to 100 stands beside recall@20.
 */
export async function run(): Promise<BenchmarkResult> {
  const started = new Date();
  const graph = await openGraph(named('BOARDWALK_BENCH_GRAPH'));
  const directory = named('BOARDWALK_BENCH_MODEL');
  const test = named('BOARDWALK_BENCH_TEST');
  const table = await openEmbeddingTable(join(directory, modelFiles.table));
  const floats = unpackVectors(table.vectors, table.dimension);
  const { cases } = boardTask(graph, await readTestPairs(test, ['board_id']));
  const answered = cases.filter(({ query }) => query.length > 0);
  const settings = readSummary(directory).spec.sources.find(({ name }) => name === 'pinsage')?.settings ?? {};
  const degrees = degreesOf(graph.topology.pins);
  log(machine());
  log(`${table.pinIds.length} vectors of ${table.dimension}; ${answered.length} test boards`);
  const recallsOf = (of: EmbeddingTable): Float64Array[] => {
    const source = vectorSource(of, settings, { degrees });
    return Array.from({ length: Math.ceil(answered.length / blockSize) }, (_, block) => {
      const some = answered.slice(block * blockSize, (block + 1) * blockSize);
      const asked = some.map(({ query }) => evenQuery(query));
      source.prepare?.(asked);
      return some.map((each, i) => recallsAt(each, source.retrieve(asked[i], cutoffs.last).pins));
    }).flat();
  };
  const queries = queryRows(table);
  const nearest = queries.map((query) => new ExactIndex({ ...table, vectors: floats }).search(query, shownAt).rows);
  let reference: Float64Array[] = [];
  const result: BenchmarkResult = { ratios: {}, figures: { graph: graph.id, boards: answered.length, types: {} } };
  for (const type of vectorTypes) {
    const packed = await timed(() => void packVectors(floats, table.dimension, type));
    const of = { ...table, vectors: packVectors(floats, table.dimension, type) };
    const recalls = recallsOf(of);
    if (type === 'float32') reference = recalls;
    const figures = {
      bytes: bytesOf(of.vectors),
      bytes_per_pin: bytesOf(of.vectors) / table.pinIds.length,
      pack_cpu_seconds: packed.cpu,
      [`recall@${shownAt}`]: mean(recalls.map((each) => each[shownAt - 1])),
      ...lostBy(recalls, reference),
      ...(await searched(of, queries, nearest)),
    };
    (result.figures.types as Record<string, unknown>)[type] = figures;
    result.ratios[`${type}_bytes`] = (4 * table.dimension * table.pinIds.length) / figures.bytes;
    log(shown(type, figures));
  }
  keepResult(`tables-${process.env.BOARDWALK_BENCH_NAME ?? graph.id}`, started, result);
  return result;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Recall of one board at every cut-off from 1. */
function recallsAt({ relevant, relevantCount }: Case, pins: Uint32Array): Float64Array {
  const wanted = new Set(relevant);
  let hits = 0;
  return Float64Array.from({ length: cutoffs.last }, (_, place) => {
    if (place < pins.length && wanted.has(pins[place])) hits++;
    return hits / relevantCount;
  });
}

/** Relative losses in percent with the standard error of the paired differences. */
function lostBy(recalls: Float64Array[], reference: Float64Array[]) {
  const loss = (value: (recall: Float64Array) => number) => {
    const base = mean(reference.map(value));
    const lost = recalls.map((recall, board) => (100 * (value(reference[board]) - value(recall))) / base);
    const average = mean(lost);
    const variance = mean(lost.map((each) => (each - average) ** 2));
    return { percent: average, standard_error: Math.sqrt(variance / lost.length) };
  };
  return {
    [`lost_recall@${shownAt}`]: loss((recall) => recall[shownAt - 1]),
    lost_mean_recall: loss((recall) => mean(Array.from(recall.subarray(cutoffs.first - 1)))),
  };
}

function queryRows({ vectors, dimension, pinIds }: EmbeddingTable): Float32Array[] {
  const source = random(1);
  return Array.from({ length: searches }, () => rowOf(vectors, dimension, source.below(pinIds.length)));
}

/** Milliseconds of an exact search, and of the index: its size, and how many of the true nearest it finds. */
async function searched(table: EmbeddingTable, queries: readonly Float32Array[], nearest: readonly Uint32Array[]) {
  const exact = new ExactIndex(table);
  const found = (search: (query: Float32Array) => Uint32Array): number =>
    mean(queries.map((query, i) => search(query).filter((row) => nearest[i].includes(row)).length / shownAt));
  let overlap = 0;
  const { cpu } = await timed(() => {
    overlap = found((query) => exact.search(query, shownAt).rows);
  });
  const scanned = { exact_ms: (1000 * cpu) / queries.length, [`nearest_kept@${shownAt}`]: overlap };
  if (!hnswAvailable()) return scanned;
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-tables-'));
  const file = join(folder, 'index');
  HnswIndex.build(table).save(file);
  const index = HnswIndex.open(file, table);
  const hnsw = found((query) => index.search(query, shownAt).rows);
  const bytes = statSync(file).size;
  rmSync(folder, { recursive: true });
  return { ...scanned, hnsw_bytes: bytes, [`hnsw_nearest_kept@${shownAt}`]: hnsw };
}

function shown(type: VectorType, figures: Record<string, unknown>): string {
  const loss = (name: string): string => {
    const { percent, standard_error } = figures[name] as { percent: number; standard_error: number };
    return `${percent.toFixed(3)}% ± ${standard_error.toFixed(3)}`;
  };
  return (
    `${type}: ${(figures.bytes_per_pin as number).toFixed(1)} bytes a pin, recall@${shownAt} ` +
    `${(figures[`recall@${shownAt}`] as number).toFixed(4)}, lost ${loss(`lost_recall@${shownAt}`)}; of the mean over ` +
    `@${cutoffs.first} to @${cutoffs.last} lost ${loss('lost_mean_recall')}; exact search ` +
    `${(figures.exact_ms as number).toFixed(2)} ms`
  );
}
