import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mix32, random, shuffle, streamOf } from '../src/random.js';

test('a stream is a function of its names alone', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (names) => {
      const draw = (): number[] => {
        const source = random(...names);
        return Array.from({ length: 8 }, () => source.uint32());
      };
      expect(draw()).toEqual(draw());
      expect(streamOf(...names)).toBeGreaterThan(0);
    }),
  );
});

test('neighbouring names give streams that do not resemble each other', () => {
  const first = new Set(Array.from({ length: 10_000 }, (_, name) => random(7, name).uint32()));
  expect(first.size).toBeGreaterThan(9_990);
});

test('below() is uniform: chi-square over 16 cells stays under the 1 in 10,000 bound', () => {
  const source = random(3);
  const cells = new Array<number>(16).fill(0);
  const draws = 160_000;
  for (let i = 0; i < draws; i++) cells[source.below(16)]++;
  const expected = draws / 16;
  const statistic = cells.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
  expect(statistic).toBeLessThan(44.3);
});

test('normal deviates have mean 0 and variance 1', () => {
  const source = random(5);
  const draws = Array.from({ length: 50_000 }, () => source.normal());
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
});

test('mix32 maps different integers to different integers', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), (a, b) => {
      expect(mix32(a) === mix32(b)).toBe(a === b);
    }),
  );
});

test('shuffle keeps every element', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(), (values, seed) => {
      expect(shuffle([...values], random(seed)).sort()).toEqual([...values].sort());
    }),
  );
});
