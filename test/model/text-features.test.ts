import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { multiplyInto } from '../../src/linear/sparse-matrix.js';
import { openBackend } from '../../src/model/backends.js';
import { latentBasis } from '../../src/model/latent-basis.js';
import {
  countGrams,
  gramsOf,
  hashText,
  heaviest,
  inverseDocumentFrequency,
  weighByIdf,
} from '../../src/model/text-features.js';
import { random } from '../../src/random.js';

const words = { characterGrams: 0, wordPairs: false, wordMarks: true };

it('reads words in any script, lower-cased, and no punctuation', () => {
  expect([...gramsOf('@Babel/core_JS — Überraschung 日本語', words)]).toEqual([
    'babel',
    'core',
    'js',
    'überraschung',
    '日本語',
  ]);
});

it('keeps marks within words, and cuts words at them as older models do', () => {
  expect([...gramsOf('हिन्दी ไทยที่ ❤\ufe0f', words)]).toEqual(['हिन्दी', 'ไทยที่']);
  expect([...gramsOf('हिन्दी', { ...words, wordMarks: false })]).toEqual(['ह', 'न', 'द']);
});

it('adds word pairs and character n-grams as asked', () => {
  expect([...gramsOf('a bc d', { ...words, wordPairs: true })]).toEqual(['a', 'bc', 'a bc', 'd', 'bc d']);
  expect([...gramsOf('abc', { ...words, characterGrams: 4 })]).toEqual(['abc', '#ab', 'abc', 'bc#', '#abc', 'abc#']);
});

it('hashes a string to the same row for ever, for saved tables depend on it', () => {
  expect([hashText('boardwalk'), hashText('boardwalk', 1), hashText('')]).toEqual([
    2_932_669_575, 1_278_824_554, 2_886_220_781,
  ]);
});

it('counts each text in one row, columns ascending', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 8 }), (texts) => {
      const matrix = countGrams(texts, { ...words, buckets: 16 });
      expect(matrix.offsets).toHaveLength(texts.length + 1);
      texts.forEach((text, row) => {
        const [from, to] = [matrix.offsets[row], matrix.offsets[row + 1]];
        const columns = Array.from(matrix.columns.subarray(from, to));
        expect(columns).toEqual([...new Set(columns)].toSorted((a, b) => a - b));
        const total = matrix.values.subarray(from, to).reduce((sum, count) => sum + count, 0);
        expect(total).toBe([...gramsOf(text, words)].length);
      });
    }),
  );
});

it('weighs counts by sublinear tf-idf with rows of length 1', () => {
  const buckets = 1 << 16;
  const counts = countGrams(['rare rare common', 'common', 'common other', ''], { ...words, buckets });
  const idf = inverseDocumentFrequency(counts);
  expect(idf[hashText('common') % buckets]).toBeCloseTo(Math.log(5 / 4) + 1, 6);
  expect(idf[hashText('rare') % buckets]).toBeCloseTo(Math.log(5 / 2) + 1, 6);
  const { offsets, columns, values } = weighByIdf(counts, idf);
  const first = new Map(Array.from(columns.subarray(0, offsets[1]), (column, e) => [column, values[e]]));
  const ratio = (first.get(hashText('rare') % buckets) ?? 0) / (first.get(hashText('common') % buckets) ?? 1);
  expect(ratio).toBeCloseTo(((1 + Math.log(2)) * (Math.log(5 / 2) + 1)) / (Math.log(5 / 4) + 1), 4);
  expect(Math.hypot(...values.subarray(0, offsets[1]))).toBeCloseTo(1, 5);
});

it('gives the same row to a new text that it gives to an old one, whatever the order of its words', () => {
  const buckets = 256;
  const old = countGrams(['graph walks rank pins', 'boards hold pins'], { ...words, buckets });
  const idf = inverseDocumentFrequency(old);
  const fresh = weighByIdf(countGrams(['pins hold boards'], { ...words, buckets }), idf);
  const known = weighByIdf(old, idf);
  expect(Array.from(fresh.values)).toEqual(Array.from(known.values.subarray(known.offsets[1])));
});

/** Texts of three topics whose words never mix. */
function topics() {
  const source = random(4);
  return Array.from({ length: 90 }, (_, i) =>
    Array.from({ length: 6 }, () => `t${i % 3}w${source.below(10)}`).join(' '),
  );
}

beforeAll(async () => {
  await openBackend('wasm');
});

it('keeps what weighs most of a long text, at length 1, and short texts whole', () => {
  const weighed = {
    shape: [3, 5] as [number, number],
    offsets: Int32Array.of(0, 4, 4, 6),
    columns: Int32Array.of(0, 1, 3, 4, 2, 3),
    values: Float32Array.of(0.1, 0.6, 0.8, 0.1, 0.28, 0.96),
  };
  expect(heaviest(weighed, 0)).toBe(weighed);
  const { offsets, columns, values } = heaviest(weighed, 2);
  expect([...offsets]).toEqual([0, 2, 2, 4]);
  expect([...columns]).toEqual([1, 3, 2, 3]);
  expect(values).toEqual(Float32Array.of(0.6, 0.8, 0.28, 0.96));
  // Of equal weights the first are kept.
  const [first, second] = heaviest(weighed, 3).columns;
  expect([first, second]).toEqual([0, 1]);
  expect(Math.hypot(...heaviest(weighed, 3).values.subarray(0, 3))).toBeCloseTo(1, 6);
});

it('finds an orthonormal basis that keeps the most of TF-IDF, and so tells topics apart', async () => {
  const buckets = 128;
  const counts = countGrams(topics(), { ...words, buckets });
  const matrix = weighByIdf(counts, inverseDocumentFrequency(counts));
  const rank = 3;
  const basis = await latentBasis(matrix, rank, 1);
  for (let a = 0; a < rank; a++)
    for (let b = 0; b < rank; b++) {
      let product = 0;
      for (let i = 0; i < buckets; i++) product += basis[i * rank + a] * basis[i * rank + b];
      expect(product).toBeCloseTo(a === b ? 1 : 0, 3);
    }
  const latent = new Float32Array(90 * rank);
  multiplyInto(latent, matrix, basis, rank);
  const cosine = (a: number, b: number): number => {
    const [x, y] = [a, b].map((row) => latent.subarray(row * rank, (row + 1) * rank));
    return x.reduce((sum, value, i) => sum + value * y[i], 0) / (Math.hypot(...x) * Math.hypot(...y));
  };
  expect(cosine(0, 3)).toBeGreaterThan(0.8);
  expect(Math.abs(cosine(0, 1))).toBeLessThan(0.2);
  expect(await latentBasis(matrix, rank, 1)).toEqual(basis);
});
