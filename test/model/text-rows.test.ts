import { beforeAll, expect, it } from 'vitest';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import type { SparseMatrix } from '../../src/linear/sparse-matrix.js';
import { openBackend } from '../../src/model/backends.js';
import { pinSageSpec } from '../../src/model/spec.js';
import { countGrams, inverseDocumentFrequency, weighByIdf } from '../../src/model/text-features.js';
import { fitText, growText, latentText, textNames, textTableRows, weighedText } from '../../src/model/text-rows.js';

const buckets = 1 << 20;
const { features } = pinSageSpec({ features: { width: 4, characterGrams: 0, textBuckets: buckets } });

function graphOf(texts: readonly string[]) {
  return memoryGraph({
    pins: texts.map((_, pin) => `pin ${pin}`),
    boards: ['one'],
    edges: { boards: Uint32Array.from(texts, () => 0), pins: Uint32Array.from(texts.keys()) },
    pinAttributes: { text: [...texts] },
  });
}

const young = graphOf(['red bridge', 'red lamp lamp', 'old bridge lamp', 'old red']);
const grown = graphOf(['red bridge', 'violet bridge violet harbour', 'old lamp']);

beforeAll(async () => void (await openBackend('wasm')));

const fit = () => fitText(young, features, 1);

/** The entries of a pin, by row. */
function entries({ offsets, columns, values }: SparseMatrix, pin: number): [number, number][] {
  return Array.from({ length: offsets[pin + 1] - offsets[pin] }, (_, e) => [
    columns[offsets[pin] + e],
    values[offsets[pin] + e],
  ]);
}

it('has a row for each word of the graph, and one for all others, which says nothing', async () => {
  const fitted = await fit();
  const words = new Set('red bridge lamp old'.split(' ')).size;
  expect(textTableRows(features, fitted)).toBe(1 + words);
  const basis = fitted.get(textNames.basis);
  expect(basis?.shape).toEqual([1 + words, 4]);
  expect([...(basis?.values.subarray(0, 4) ?? [])]).toEqual([0, 0, 0, 0]);
  const weighed = weighedText(young, features, fitted);
  expect(weighed.columns.includes(0)).toBe(false);
});

it('weighs words, those that no text of the graph had among them, as a table of all buckets does', async () => {
  const fitted = await fit();
  const texts = ['red bridge', 'violet bridge violet harbour', 'old lamp'];
  const inAll = countGrams(['red bridge', 'red lamp lamp', 'old bridge lamp', 'old red'], { ...features, buckets });
  const reference = weighByIdf(countGrams(texts, { ...features, buckets }), inverseDocumentFrequency(inAll));
  const weighed = weighedText(grown, features, fitted);
  expect([...weighed.values]).toEqual([...reference.values]);
  expect(entries(weighed, 1).filter(([row]) => row === 0)).toHaveLength(2);
});

it('keeps the old rows where a graph has grown, and begins those of new words nowhere', async () => {
  const fitted = await fit();
  const more = growText(fitted, grown, features);
  const rows = textTableRows(features, fitted);
  expect(textTableRows(features, more)).toBe(rows + 2);
  const [before, after] = [weighedText(grown, features, fitted), weighedText(grown, features, more)];
  expect([...after.values]).toEqual([...before.values]);
  for (const pin of [0, 2]) expect(entries(after, pin)).toEqual(entries(before, pin));
  expect(
    entries(after, 1)
      .map(([row]) => row >= rows)
      .filter(Boolean),
  ).toHaveLength(2);
  expect(latentText(after, features, more, 1)).toEqual(latentText(before, features, fitted, 1));
});

it('is the same where a grown graph brings no new word', async () => {
  const fitted = await fit();
  expect(growText(fitted, young, features)).toBe(fitted);
});

it('reads a model in which every bucket has a row', async () => {
  const fitted = new Map([[textNames.idf, { shape: [8], values: new Float32Array(8).fill(1) }]]);
  const few = { ...features, textBuckets: 8 };
  expect(textTableRows(few, fitted)).toBe(8);
  const { columns } = countGrams(['red bridge'], { ...few, buckets: 8 });
  const weighed = weighedText(young, few, fitted);
  expect([...weighed.columns.subarray(0, weighed.offsets[1])]).toEqual([...columns]);
  expect(growText(fitted, grown, few)).toBe(fitted);
});
