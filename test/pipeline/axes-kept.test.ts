import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddingTable } from '../../src/embedding/table-file.js';
import type { EmbeddingTable } from '../../src/embedding/table.js';
import { rowOf } from '../../src/embedding/vectors.js';
import { writeGraph } from '../../src/graph/write.js';
import { refitModel } from '../../src/pipeline/refit-model.js';
import type { PartialTrainSpec } from '../../src/pipeline/spec/train-spec.js';
import { trainModel } from '../../src/pipeline/train-model.js';
import { openModel } from '../../src/registry/model.js';
import { plantedGraph } from '../training/planted-graph.js';

const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-axes-'));
const at = (...names: string[]): string => join(scratch, ...names);

const dimension = 8;
const spec = {
  pinsage: {
    // So that axes are worth having: rows that say nothing, and hardly move.
    features: { width: dimension, idStart: 'random' },
    learningRate: 1e-4,
    dimension,
    axes: 6,
    neighbours: 4,
    steps: 20,
    folds: 1,
    negatives: 16,
    batchSize: 64,
    pairsPerEpoch: 128,
    epochs: 1,
  },
  candidatesPerSource: 50,
  sources: ['pinsage', 'popularity'],
  ranker: { negatives: 20, iterations: 20 },
} as PartialTrainSpec;

let first: EmbeddingTable;
beforeAll(async () => {
  await writeGraph(at('graph'), plantedGraph({ communities: 4, text: false }));
  await writeGraph(at('grown'), plantedGraph({ communities: 4, text: false, boardsEach: 26 }));
  await trainModel({ graphDirectory: at('graph'), out: at('model'), spec, backend: 'wasm' });
  first = await openEmbeddingTable(at('model', 'embedding.arrow'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** The mean cosine of the last columns of a pin's two vectors, over the pins that are on boards. */
function likeness(table: EmbeddingTable): number {
  const cosines = first.pinIds.flatMap((id, pin) => {
    const tails = [
      rowOf(first.vectors, first.dimension, pin),
      rowOf(table.vectors, table.dimension, table.pinIds.indexOf(id)),
    ];
    const [old, now] = tails.map((row) => row.subarray(dimension));
    const lengths = Math.hypot(...old) * Math.hypot(...now);
    return lengths > 0 ? [old.reduce((sum, value, i) => sum + value * now[i], 0) / lengths] : [];
  });
  return cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
}

it('a model of ids alone has places on axes behind its trained columns', () => {
  expect(first.dimension).toBe(dimension + 6);
  expect(first.metric).toBe('ip');
});

it('a model of words compares whole vectors by inner product, and their trained part as one of length 1', async () => {
  // Words that say nothing.
  await writeGraph(at('worded'), plantedGraph({ communities: 4, topicShare: 0 }));
  await trainModel({ graphDirectory: at('worded'), out: at('words'), spec, backend: 'wasm' });
  const { table, trained } = await openModel(at('words'));
  expect([table.dimension, table.metric]).toEqual([dimension + 6, 'ip']);
  expect([trained.dimension, trained.metric]).toEqual([dimension, 'cosine']);
  for (let pin = 0; pin < trained.pinIds.length; pin++)
    expect(Math.hypot(...rowOf(trained.vectors, dimension, pin))).toBeCloseTo(1, 4);
});

it('a warm start on a grown graph keeps them where they were', async () => {
  const graphDirectory = at('grown');
  const model = await trainModel({ graphDirectory, out: at('warm'), from: at('model'), backend: 'wasm' });
  expect(model.spec.pinsage.axes).toBe(6);
  const table = await openEmbeddingTable(at('warm', 'embedding.arrow'));
  expect(table.dimension).toBe(first.dimension);
  expect(likeness(table)).toBeGreaterThan(0.8);
});

it('a warm start that asks for others gets others', async () => {
  const asked = { pinsage: { axes: 3 } } as PartialTrainSpec;
  const graphDirectory = at('grown');
  await trainModel({ graphDirectory, out: at('other'), from: at('model'), spec: asked, backend: 'wasm' });
  expect((await openEmbeddingTable(at('other', 'embedding.arrow'))).dimension).toBe(dimension + 3);
});

it('so does what renews a model for it', async () => {
  await refitModel({ graphDirectory: at('grown'), modelDirectory: at('model'), backend: 'wasm' });
  const table = await openEmbeddingTable(at('model', 'embedding.arrow'));
  expect(table.dimension).toBe(first.dimension);
  expect(likeness(table)).toBeGreaterThan(0.8);
});
