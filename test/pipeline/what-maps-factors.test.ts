import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SourceName } from '../../src/candidates/candidate-source.js';
import { likenessOf } from '../../src/candidates/likeness.js';
import { mappedDefaults, type MappedFactors } from '../../src/candidates/mapped-factors.js';
import { nearestPins } from '../../src/candidates/near-pins.js';
import type { PlainVectors } from '../../src/embedding/vectors.js';
import { degreesOf } from '../../src/graph/graph.js';
import { writeGraph } from '../../src/graph/write.js';
import type { PartialTrainSpec } from '../../src/pipeline/spec/train-spec.js';
import { trainModel } from '../../src/pipeline/train-model.js';
import { type Model, openModel } from '../../src/registry/model.js';
import { plantedGraph } from '../training/planted-graph.js';

const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-mapped-'));
const graph = plantedGraph({ communities: 4 });
const graphDirectory = join(scratch, 'graph');
beforeAll(async () => {
  await writeGraph(graphDirectory, graph);
});
afterAll(() => rmSync(scratch, { recursive: true }));

const small = { dimension: 8, batchSize: 64, epochs: 1 };

async function trainedWith(sources: readonly SourceName[]): Promise<Model> {
  const out = join(scratch, sources.join('-'));
  const walks = { neighbours: 4, steps: 20, folds: 1, negatives: 16, pairsPerEpoch: 128 };
  const spec = {
    pinsage: { ...small, ...walks, features: { width: 8 }, axes: 6 },
    ...(sources.includes('pintext') && { pintext: small }),
    candidatesPerSource: 50,
    sources,
    ranker: { negatives: 20, iterations: 20 },
  } as PartialTrainSpec;
  await trainModel({ graphDirectory, out, spec, backend: 'wasm' });
  return openModel(out);
}

function fittedIn({ sources }: Model, wanted: SourceName): unknown {
  return sources.find(({ name }) => name === wanted)?.fitted;
}

/** The pins whose factors are mapped to each. */
const neighboursIn = (model: Model): Uint32Array => (fittedIn(model, 'mapped') as MappedFactors).neighbours;

const nearestBy = (vectors: PlainVectors): Uint32Array =>
  nearestPins(degreesOf(graph.topology.pins), vectors, mappedDefaults.neighbours).neighbours;

const learntBy = ({ table }: Model): PlainVectors => ({
  dimension: table.dimension,
  vectors: table.vectors as Float32Array,
});

it("PinSage's whole vectors say which pins lend another their factors, and words too, where they are a source", async () => {
  const byPinSage = await trainedWith(['ials', 'mapped', 'popularity']);
  expect(neighboursIn(byPinSage)).toEqual(nearestBy(learntBy(byPinSage)));
  const byBoth = await trainedWith(['ials', 'pintext', 'mapped', 'popularity']);
  const words = fittedIn(byBoth, 'pintext') as PlainVectors;
  expect(neighboursIn(byBoth)).toEqual(nearestBy(likenessOf(graph.topology, learntBy(byBoth), words)));
  expect(neighboursIn(byBoth)).not.toEqual(nearestBy(words));
});
