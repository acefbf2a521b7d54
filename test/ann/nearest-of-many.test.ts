import { describe, expect, it } from 'vitest';
import { ExactIndex } from '../../src/ann/exact.js';
import { hnswAvailable } from '../../src/ann/hnsw.js';
import { nearestOfMany } from '../../src/ann/nearest-of-many.js';
import { random } from '../../src/random.js';

const dimension = 12;
const stream = random(4);
const normals = (rows: number): Float32Array =>
  Float32Array.from({ length: rows * dimension }, () => Math.fround(stream.normal()));
const table = { vectors: normals(500), dimension };
const points = normals(70);
const exact = new ExactIndex(table);
const alone = Array.from({ length: 70 }, (_, i) =>
  exact.search(points.subarray(i * dimension, (i + 1) * dimension), 9),
);

describe('the nearest rows of many points', () => {
  it('are those that an exact search gives each alone, over several blocks of points', () => {
    const together = [...nearestOfMany(table, points, 9)];
    expect(together).toHaveLength(70);
    together.forEach(({ rows, similarities }, i) => {
      expect(rows).toEqual(alone[i].rows);
      similarities.forEach((value, k) => expect(value).toBeCloseTo(alone[i].similarities[k], 4));
    });
  });

  it('are as many as there are where fewer rows than the limit exist, and none of none', () => {
    const few = { vectors: normals(3), dimension };
    for (const { rows } of nearestOfMany(few, points.subarray(0, 2 * dimension), 9)) expect(rows).toHaveLength(3);
    const none = { vectors: new Float32Array(0), dimension };
    for (const { rows } of nearestOfMany(none, points, 9)) expect(rows).toHaveLength(0);
    expect([...nearestOfMany(table, new Float32Array(0), 9)]).toEqual([]);
  });

  it.skipIf(!hnswAvailable())('are nearly the same through an index, where the table is large', () => {
    const found = [...nearestOfMany(table, points, 9, 500 * 70)];
    const shared = found.flatMap(({ rows }, i) => [...rows].filter((row) => alone[i].rows.includes(row)));
    expect(found).toHaveLength(70);
    expect(shared.length).toBeGreaterThan(0.95 * 70 * 9);
  });
});
