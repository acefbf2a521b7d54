import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ExactIndex } from '../../src/ann/exact.js';
import { HnswIndex, hnswAvailable } from '../../src/ann/hnsw.js';
import { fromHalf, toHalf } from '../../src/embedding/half-float.js';
import { trainedColumns } from '../../src/embedding/table.js';
import { openEmbeddingTable, writeEmbeddingTable } from '../../src/embedding/table-file.js';
import {
  bytesOf,
  packVectors,
  productWith,
  repackVectors,
  rowCount,
  rowOf,
  typeOf,
  unpackVectors,
  type Vectors,
  vectorTypes,
} from '../../src/embedding/vectors.js';
import { random } from '../../src/random.js';

const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-vectors-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const packedTypes = vectorTypes.filter((type) => type !== 'float32');

/** Rows of several lengths whose leading axes are longer, as those of trained vectors are. */
function trainedLike(rows: number, dimension: number, seed = 1): Float32Array {
  const source = random(seed);
  return Float32Array.from({ length: rows * dimension }, (_, i) => source.normal() / (1 + (i % dimension)));
}

function normaliseRows(vectors: Float32Array, dimension: number): void {
  for (let at = 0; at < vectors.length; at += dimension) {
    const row = vectors.subarray(at, at + dimension);
    row.set(row.map((value) => value / Math.sqrt(dot(row, row))));
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function relativeError(vectors: Float32Array, unpacked: Float32Array, dimension: number): number {
  let sum = 0;
  for (let at = 0; at < vectors.length; at += dimension) {
    const row = vectors.subarray(at, at + dimension);
    const error = row.map((value, i) => value - unpacked[at + i]);
    sum += dot(error, error) / dot(row, row);
  }
  return (sum * dimension) / vectors.length;
}

it('converts every half float there and back, and rounds to the nearest, ties to even', () => {
  for (let pattern = 0; pattern < 0x7c00; pattern++) {
    const [low, high] = [fromHalf(pattern), fromHalf(pattern + 1)];
    expect(toHalf(low)).toBe(pattern);
    expect(toHalf(-low)).toBe(pattern | 0x8000);
    if (high === Number.POSITIVE_INFINITY) continue;
    expect(toHalf((low + high) / 2)).toBe(pattern % 2 === 0 ? pattern : pattern + 1);
    expect(toHalf(low + (high - low) * 0.4375)).toBe(pattern);
    expect(toHalf(low + (high - low) * 0.5625)).toBe(pattern + 1);
  }
  expect([70_000, Number.POSITIVE_INFINITY, -70_000].map(toHalf)).toEqual([0x7c00, 0x7c00, 0xfc00]);
});

describe.each(vectorTypes)('%s', (type) => {
  it('multiplies rows as they lie, as it does when they are unpacked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 19 }),
        fc.integer({ min: 0, max: 30 }),
        fc.nat(),
        (dimension, rows, seed) => {
          const vectors = packVectors(trainedLike(rows, dimension, seed), dimension, type);
          expect(rowCount(vectors, dimension)).toBe(rows);
          const query = trainedLike(1, dimension, seed + 1);
          const product = productWith(vectors, dimension, query);
          for (let row = 0; row < rows; row++)
            expect(product(row)).toBeCloseTo(dot(rowOf(vectors, dimension, row), query), 4);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps a row of zeros, and refuses what is not finite', () => {
    const some = trainedLike(3, 4);
    some.fill(0, 4, 8);
    const vectors = packVectors(some, 4, type);
    expect(Array.from(rowOf(vectors, 4, 1), Math.abs)).toEqual([0, 0, 0, 0]);
    some[5] = Number.NaN;
    expect(() => packVectors(some, 4, type)).toThrow(/not finite/);
  });

  it.each(['ip', 'cosine'] as const)(
    'opens from a file as it was written and is searched, under %s',
    async (metric) => {
      const dimension = 16;
      const given = trainedLike(700, dimension);
      if (metric === 'cosine') normaliseRows(given, dimension);
      const vectors = packVectors(given, dimension, type);
      const pinIds = Array.from({ length: 700 }, (_, i) => `pin ${i}`);
      const file = join(scratch, `${type}.arrow`);
      const table = { modelId: 'm', graphId: 'g', dimension, metric, pinIds, vectors };
      await writeEmbeddingTable(file, table);
      const opened = await openEmbeddingTable(file);
      expect(opened).toEqual(table);
      const query = trainedLike(1, dimension, 9);
      const exact = new ExactIndex(opened).search(query, 10);
      const plain = new ExactIndex({ dimension, vectors: unpackVectors(vectors, dimension) }).search(query, 10);
      expect(exact.rows).toEqual(plain.rows);
      exact.similarities.forEach((value, i) => expect(value).toBeCloseTo(plain.similarities[i], 4));
      if (hnswAvailable()) {
        const path = join(scratch, `${type}-${metric}.usearch`);
        HnswIndex.build(opened).save(path);
        const found = HnswIndex.open(path, opened, { overFetch: 5 }).search(query, 10);
        expect([...found.rows].filter((row) => exact.rows.includes(row)).length).toBeGreaterThanOrEqual(9);
      }
    },
  );
});

it('refuses what is not finite of vectors that keep their type, too', () => {
  const infinite: Vectors[] = [
    Float32Array.of(1, Number.NaN),
    { type: 'float16', codes: Uint16Array.of(0, 0x7c00) },
    { type: 'int8', codes: Int8Array.of(1, 2), scales: Float32Array.of(Number.NaN) },
  ];
  for (const vectors of infinite)
    expect(() => repackVectors(vectors, 2, typeOf(vectors))).toThrow(
      expect.objectContaining({ code: 'bad_file', message: expect.stringContaining('not finite') }),
    );
});

it('packs more tightly from type to type, at an error that its bits allow', () => {
  const dimension = 64;
  const vectors = trainedLike(2000, dimension);
  const sizes = vectorTypes.map((type) => bytesOf(packVectors(vectors, dimension, type)) / 2000);
  expect(sizes).toEqual([256, 128, 68, 44]);
  const errors = packedTypes.map((type) =>
    relativeError(vectors, unpackVectors(packVectors(vectors, dimension, type), dimension), dimension),
  );
  expect(errors[0]).toBeLessThan(1e-6);
  expect(errors[1]).toBeLessThan(2e-4);
  expect(errors[2]).toBeLessThan(2e-3);
});

it('finds the longest axes of turned vectors for int4: the error does not depend on the basis', () => {
  const dimension = 24;
  const vectors = trainedLike(1500, dimension);
  // A reflection along a random direction turns every axis.
  const source = random(4);
  const direction = Float32Array.from({ length: dimension }, () => source.normal());
  const square = dot(direction, direction);
  const turned = vectors.slice();
  for (let at = 0; at < turned.length; at += dimension) {
    const row = turned.subarray(at, at + dimension);
    const along = (2 * dot(row, direction)) / square;
    for (let i = 0; i < dimension; i++) row[i] -= along * direction[i];
  }
  const [plain, reflected] = [vectors, turned].map((each) =>
    relativeError(each, unpackVectors(packVectors(each, dimension, 'int4'), dimension), dimension),
  );
  expect(reflected / plain).toBeGreaterThan(0.9);
  expect(reflected / plain).toBeLessThan(1.1);
});

it('keeps the length of a row under int4', () => {
  const vectors = trainedLike(300, 32).map((value) => 7 * value);
  const packed = packVectors(vectors, 32, 'int4');
  for (let row = 0; row < 300; row++)
    expect(
      Math.hypot(...rowOf(packed, 32, row)) / Math.hypot(...vectors.subarray(32 * row, 32 * row + 32)),
    ).toBeCloseTo(1, 4);
});

it.each(vectorTypes)('gives the first columns of a row alone: %s', (type) => {
  const dimension = 22;
  const packed = packVectors(trainedLike(40, dimension), dimension, type);
  const whole = unpackVectors(packed, dimension);
  const table = { modelId: 'm', graphId: 'g', dimension, metric: 'ip' as const, pinIds: [], vectors: packed };
  const leading = trainedColumns(table, { dimension: 5, normalise: true });
  expect(leading.dimension).toBe(5);
  expect(leading.metric).toBe('cosine');
  expect(leading.vectors).toEqual(
    Float32Array.from({ length: 200 }, (_, i) => whole[Math.floor(i / 5) * 22 + (i % 5)]),
  );
  expect(trainedColumns(table, { dimension, normalise: false })).toBe(table);
});
