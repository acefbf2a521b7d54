import { beforeAll, describe, expect, it } from 'vitest';
import { multiplyInto, type SparseMatrix } from '../../src/linear/sparse-matrix.js';
import { openBackend } from '../../src/model/backends.js';
import { latentBasis } from '../../src/model/latent-basis.js';
import { countGrams, inverseDocumentFrequency, weighByIdf } from '../../src/model/text-features.js';
import { random } from '../../src/random.js';

const width = 128;
const buckets = 4096;

function titles(words: number, count: number): string[] {
  const source = random(5);
  return Array.from({ length: count }, () => Array.from({ length: 3 }, () => `w${source.below(words)}`).join(' '));
}

/** Texts of six topics, each with five words of 20. */
function topical(count: number): string[] {
  const source = random(5);
  return Array.from({ length: count }, (_, text) =>
    Array.from({ length: 3 }, () => `w${3 * (text % 6) + source.below(5)}`).join(' '),
  );
}

function weighed(texts: string[]): SparseMatrix {
  const counts = countGrams(texts, { characterGrams: 0, wordPairs: false, wordMarks: true, buckets });
  return weighByIdf(counts, inverseDocumentFrequency(counts));
}

function product({ offsets, columns, values }: SparseMatrix, a: number, b: number): number {
  const row = new Map<number, number>();
  for (let e = offsets[a]; e < offsets[a + 1]; e++) row.set(columns[e], values[e]);
  let sum = 0;
  for (let e = offsets[b]; e < offsets[b + 1]; e++) sum += values[e] * (row.get(columns[e]) ?? 0);
  return sum;
}

beforeAll(async () => {
  await openBackend('wasm');
});

describe('where texts have fewer distinct words than the basis has columns', () => {
  const cases: [string, string[]][] = [
    ['22 words in 320 texts', titles(22, 320)],
    ['20 words of six topics in 320 texts', topical(320)],
    ['40 words in 2,000 texts', titles(40, 2000)],
    ['40 words in 2,000 texts, and one that two texts alone hold', ['rare w1', 'rare w2', ...titles(40, 2000)]],
    ['texts that are all equal', Array.from({ length: 50 }, () => 'one title for all')],
    ['one text that is empty', ['', ...titles(22, 320)]],
    ['texts that are all empty but one', ['only this', ...Array.from({ length: 20 }, () => '')]],
  ];
  it.each(cases)('keeps all inner products of TF-IDF rows: %s', async (_, texts) => {
    const matrix = weighed(texts);
    const basis = await latentBasis(matrix, width, 1);
    expect(basis.every(Number.isFinite)).toBe(true);
    const latent = new Float32Array(texts.length * width);
    multiplyInto(latent, matrix, basis, width);
    for (let a = 0; a < Math.min(texts.length, 40); a++)
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += latent[a * width + i] * latent[b * width + i];
        expect(sum).toBeCloseTo(product(matrix, a, b), 4);
      }
  });
});
