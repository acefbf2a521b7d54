import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ExactIndex, type VectorTable } from '../../src/ann/exact.js';
import { HnswIndex, hnswAvailable } from '../../src/ann/hnsw.js';
import { buildIndex, openIndex } from '../../src/ann/index-file.js';
import type { NearestNeighbours } from '../../src/ann/nearest-neighbours.js';
import { innerProduct } from '../../src/embedding/vectors.js';
import { random } from '../../src/random.js';

const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-ann-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Unit vectors around a few centres. */
function clusteredTable(rows: number, dimension: number, seed: number): VectorTable<Float32Array> {
  const stream = random(seed);
  const centres = Float32Array.from({ length: 10 * dimension }, () => stream.normal());
  const vectors = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const start = row * dimension;
    let norm = 0;
    for (let d = 0; d < dimension; d++) {
      vectors[start + d] = centres[(row % 10) * dimension + d] + stream.normal();
      norm += vectors[start + d] ** 2;
    }
    for (let d = 0; d < dimension; d++) vectors[start + d] /= Math.sqrt(norm);
  }
  return { vectors, dimension };
}

/** The reference: every product, a full sort. */
function sortedRows({ vectors, dimension }: VectorTable<Float32Array>, query: Float32Array, limit: number): number[] {
  const scores = Array.from({ length: vectors.length / dimension }, (_, row) => {
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += vectors[row * dimension + d] * query[d];
    return Math.fround(sum);
  });
  return [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, limit);
}

const implementations: [string, (table: VectorTable<Float32Array>) => NearestNeighbours][] = [
  ['exact search', (table) => new ExactIndex(table)],
];
if (hnswAvailable()) {
  implementations.push(['HNSW', (table) => HnswIndex.build(table)]);
  implementations.push([
    'HNSW mapped from disk',
    (table) => {
      const path = join(scratch, `${table.vectors.length}.usearch`);
      HnswIndex.build(table).save(path);
      return HnswIndex.open(path, table);
    },
  ]);
}

describe.each(implementations)('%s', (_, make) => {
  const table = clusteredTable(2_000, 24, 5);
  const index = make(table);
  const queryAt = (row: number): Float32Array => table.vectors.slice(row * 24, (row + 1) * 24);

  it('knows its size and dimension', () => {
    expect([index.size, index.dimension]).toEqual([2_000, 24]);
  });

  it('finds nearly all of the ten nearest rows', () => {
    let found = 0;
    for (let row = 0; row < 100; row++) {
      const expected = new Set(sortedRows(table, queryAt(row), 10));
      for (const hit of index.search(queryAt(row), 10).rows) if (expected.has(hit)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(980);
  });

  it('returns exact inner products, descending', () => {
    const query = queryAt(7);
    const { rows, similarities } = index.search(query, 50);
    expect(rows[0]).toBe(7);
    rows.forEach((row, i) => {
      expect(similarities[i]).toBeCloseTo(innerProduct(table.vectors, row, 24, query), 6);
      if (i > 0) expect(similarities[i]).toBeLessThanOrEqual(similarities[i - 1]);
    });
  });

  it('gives every row when asked for more than there are', () => {
    const small = clusteredTable(30, 24, 6);
    const { rows } = make(small).search(small.vectors.slice(0, 24), 100);
    expect([...rows].sort((a, b) => a - b)).toEqual([...Array(30).keys()]);
  });

  it('orders equal similarities by row', () => {
    const vectors = new Float32Array(12 * 4);
    for (let row = 0; row < 12; row++) vectors[row * 4] = 1;
    const { rows } = make({ vectors, dimension: 4 }).search(Float32Array.of(1, 0, 0, 0), 12);
    expect([...rows]).toEqual([...Array(12).keys()]);
  });

  it('returns nothing when asked for nothing', () => {
    expect(index.search(queryAt(0), 0).rows).toHaveLength(0);
  });
});

describe('exact search', () => {
  it('equals a full sort, whatever the dimension', () => {
    for (const dimension of [1, 3, 4, 7, 33]) {
      const table = clusteredTable(300, dimension, dimension);
      const query = table.vectors.slice(0, dimension);
      expect([...new ExactIndex(table).search(query, 25).rows]).toEqual(sortedRows(table, query, 25));
    }
  });
});

describe('an index beside a table', () => {
  const table = clusteredTable(200, 8, 9);

  it('is exact search where there is no file', () => {
    expect(openIndex(join(scratch, 'absent.usearch'), table).name).toBe('exact');
  });

  it('is exact for small tables unless HNSW is asked for', () => {
    expect(buildIndex(table, null).name).toBe('exact');
  });

  it.runIf(hnswAvailable())('is mapped again from where it was saved', () => {
    const path = join(scratch, 'saved.usearch');
    expect(buildIndex(table, path, { kind: 'hnsw' }).name).toBe('hnsw');
    expect(openIndex(path, table).name).toBe('hnsw');
  });

  it.runIf(hnswAvailable())('is refused when it holds another table', () => {
    const path = join(scratch, 'other.usearch');
    buildIndex(table, path, { kind: 'hnsw' });
    expect(() => openIndex(path, clusteredTable(100, 8, 9))).toThrow(/holds 200 vectors of 8, the embedding table 100/);
  });
});
