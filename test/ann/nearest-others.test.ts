import { describe, expect, it } from 'vitest';
import { ExactIndex } from '../../src/ann/exact.js';
import { hnswAvailable } from '../../src/ann/hnsw.js';
import type { NearestRows } from '../../src/ann/nearest-neighbours.js';
import { nearestOthers } from '../../src/ann/nearest-others.js';
import { random } from '../../src/random.js';

const dimension = 12;
const stream = random(4);
const normals = (rows: number) => ({
  dimension,
  vectors: Float32Array.from({ length: rows * dimension }, () => Math.fround(stream.normal())),
});

/** What an exact search finds for each row alone, but for itself. */
function alone({ vectors }: ReturnType<typeof normals>, candidates: number, limit: number): NearestRows[] {
  const index = new ExactIndex({ vectors: vectors.subarray(0, candidates * dimension), dimension });
  return Array.from({ length: vectors.length / dimension }, (_, row) => {
    const { rows, similarities } = index.search(vectors.subarray(row * dimension, (row + 1) * dimension), limit + 1);
    const others = [...rows.keys()].filter((i) => rows[i] !== row).slice(0, limit);
    return {
      rows: rows.filter((_, i) => others.includes(i)),
      similarities: similarities.filter((_, i) => others.includes(i)),
    };
  });
}

describe('the nearest others of every row', () => {
  // Rows of one group; of three, the last of which is short; candidates that end within a group and within a block.
  it.each([
    [300, 300],
    [4_200, 4_200],
    [4_200, 2_500],
    [4_200, 70],
  ])('of %i are those that an exact search gives it alone among the first %i', (count, candidates) => {
    const table = normals(count);
    const together = [...nearestOthers(table, candidates, 9, Number.POSITIVE_INFINITY)];
    expect(together).toHaveLength(count);
    alone(table, candidates, 9).forEach(({ rows, similarities }, i) => {
      expect(together[i].rows).toEqual(rows);
      similarities.forEach((value, k) => expect(together[i].similarities[k]).toBeCloseTo(value, 4));
    });
  });

  it('are as many as there are where fewer than the limit exist, the first of equal ones, and none of none', () => {
    const few = { dimension, vectors: new Float32Array(3 * dimension).fill(1) };
    expect([...nearestOthers(few, 3, 9)].map(({ rows }) => [...rows])).toEqual([
      [1, 2],
      [0, 2],
      [0, 1],
    ]);
    expect([...nearestOthers(few, 2, 1)].map(({ rows }) => [...rows])).toEqual([[1], [0], [0]]);
    expect([...nearestOthers(few, 0, 9)].map(({ rows }) => rows.length)).toEqual([0, 0, 0]);
    expect([...nearestOthers({ dimension, vectors: new Float32Array(0) }, 0, 9)]).toEqual([]);
  });

  it.skipIf(!hnswAvailable())('are nearly the same through an index, where there are many pairs', () => {
    const table = normals(500);
    const found = [...nearestOthers(table, 400, 9, 500 * 400)];
    const exact = alone(table, 400, 9);
    expect(found).toHaveLength(500);
    found.forEach(({ rows }, row) => expect(rows).not.toContain(row));
    const shared = found.flatMap(({ rows }, i) => [...rows].filter((row) => exact[i].rows.includes(row)));
    expect(shared.length).toBeGreaterThan(0.95 * 500 * 9);
  });
});
