import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex, type VectorTable } from '../src/ann/exact.js';
import { HnswIndex, hnswAvailable } from '../src/ann/hnsw.js';
import type { NearestNeighbours } from '../src/ann/nearest-neighbours.js';
import { nearestOthers } from '../src/ann/nearest-others.js';
import { BoardwalkError } from '../src/errors.js';
import { random } from '../src/random.js';
import { type BenchmarkResult, machine, shownSpread, spreadOf, timed } from './machine.js';

export interface AnnBenchmarkOptions {
  rows: number;
  dimension: number;
  /** Vectors are drawn around this many centres. */
  clusters: number;
  queries: number;
  /** Leading rows whose nearest others are found. */
  among: number;
  rounds: number;
}

const defaults: AnnBenchmarkOptions = {
  rows: 100_000,
  dimension: 128,
  clusters: 1_000,
  queries: 200,
  among: 20_000,
  rounds: 5,
};
const limit = 10;
const expansions = [32, 64, 128];

const log = (line: string): void => console.error(line);

/** Unit vectors around centres, as embeddings of a trained model lie. */
function clusteredTable({ rows, dimension, clusters }: AnnBenchmarkOptions): VectorTable<Float32Array> {
  const stream = random(1);
  const centres = Float32Array.from({ length: clusters * dimension }, () => stream.normal());
  const vectors = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const centre = stream.below(clusters) * dimension;
    const start = row * dimension;
    let norm = 0;
    for (let d = 0; d < dimension; d++) {
      vectors[start + d] = centres[centre + d] + stream.normal();
      norm += vectors[start + d] ** 2;
    }
    for (let d = 0; d < dimension; d++) vectors[start + d] /= Math.sqrt(norm);
  }
  return { vectors, dimension };
}

/**
 * HNSW against exact search, queries per CPU second on one thread and the share of the true ten that is found; and the
 * nearest others of all of some rows against an exact search of one after another.
 */
export async function run(given: Partial<AnnBenchmarkOptions> = {}): Promise<BenchmarkResult> {
  const options = { ...defaults, ...given };
  if (!hnswAvailable())
    throw new BoardwalkError('backend_missing', 'The package usearch is not installed: there is nothing to compare.');
  const { dimension, queries: queryCount, rounds } = options;
  log(machine());
  log(`${options.rows} vectors of ${dimension} around ${options.clusters} centres, ${limit} nearest, ${rounds} rounds`);
  const table = clusteredTable(options);
  const result: BenchmarkResult = { ratios: {}, figures: { rows: options.rows, dimension } };
  const stream = random(2);
  const queries = Array.from({ length: queryCount }, () => {
    const start = stream.below(options.rows) * dimension;
    return table.vectors.slice(start, start + dimension).map((value) => value + 0.02 * stream.normal());
  });
  let sink = 0;
  const ratesOf = async (asked: number, search: () => void): Promise<number[]> => {
    const found: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const { cpu } = await timed(search);
      // The first round warms up.
      if (round > 0) found.push(asked / cpu);
    }
    return found;
  };
  const rates = (index: NearestNeighbours, asked: readonly Float32Array[]): Promise<number[]> =>
    ratesOf(asked.length, () => {
      for (const query of asked) sink += index.search(query, limit).rows[0];
    });

  const exact = new ExactIndex(table);
  const truth = queries.map((query) => new Set(exact.search(query, limit).rows));
  const exactRate = spreadOf(await rates(exact, queries.slice(0, 20)));
  result.figures.exact_queries_per_cpu_second = exactRate.max;
  log(`exact search: ${shownSpread(exactRate, 'queries per CPU second')}`);

  const few = Math.min(options.rows, options.among);
  const part = { dimension, vectors: table.vectors.subarray(0, few * dimension) };
  const alone = new ExactIndex(part);
  const aloneRate = spreadOf(await rates(alone, queries));
  const amongRate = spreadOf(
    await ratesOf(few, () => {
      for (const { rows } of nearestOthers(part, few, limit, Number.POSITIVE_INFINITY)) sink += rows[0];
    }),
  );
  result.figures.exact_among_rows_per_cpu_second = amongRate.max;
  result.ratios.exact_among_to_alone = amongRate.max / aloneRate.max;
  log(`exact search among ${few} rows, one by one: ${shownSpread(aloneRate, 'queries per CPU second')}`);
  log(`nearest others of all of them: ${shownSpread(amongRate, 'rows per CPU second')}`);

  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-ann-'));
  const file = join(folder, 'index.usearch');
  const building = await timed(() => HnswIndex.build(table).save(file));
  result.figures.build_cpu_seconds = building.cpu;
  log(`building and saving: ${building.cpu.toFixed(1)} CPU seconds`);
  for (const expansionSearch of expansions) {
    const index = HnswIndex.open(file, table, { expansionSearch });
    const found = spreadOf(await rates(index, queries));
    let hits = 0;
    queries.forEach((query, i) => {
      for (const row of index.search(query, limit).rows) if (truth[i].has(row)) hits++;
    });
    const recall = hits / (queries.length * limit);
    result.figures[`recall@10_ef${expansionSearch}`] = recall;
    result.figures[`queries_per_cpu_second_ef${expansionSearch}`] = found.max;
    result.ratios[`hnsw_ef${expansionSearch}_to_exact`] = found.max / exactRate.max;
    log(`HNSW, ef ${expansionSearch}: ${shownSpread(found, 'queries per CPU second')}, recall@10 ${recall.toFixed(4)}`);
  }
  rmSync(folder, { recursive: true });
  result.figures.sink = sink;
  return result;
}
